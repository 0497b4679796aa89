using System.Buffers;
using System.Text;
using System.Text.Json;
using AiRouter.ServiceDefaults;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.ServiceDefaults;

public sealed class JsonLineFormatterTests
{
    private static readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 23, 59, 58, 123, TimeSpan.Zero));

    [Fact]
    public void Record_is_one_object_with_its_values_as_members() => Assert.Equal(
        """{"time":"2026-11-22T23:59:58.123Z","level":"warn","category":"A.B","event":7,"message":"3 of x","Count":3,"Name":"x","Ratio":0.5,"Missing":null}""" +
        Environment.NewLine,
        Write([new("Count", 3), new("Name", "x"), new("Ratio", 0.5), new("Missing", null), new("{OriginalFormat}", "{Count} of {Name}")], "3 of x"));

    [Fact]
    public void Record_whose_values_say_it_all_has_no_message() => Assert.Equal(
        """{"time":"2026-11-22T23:59:58.123Z","level":"warn","category":"A.B","event":7,"status":200,"sent":5000000000}""" + Environment.NewLine,
        Write([new("status", 200), new("sent", 5_000_000_000)], "200"));

    [Theory]
    [InlineData("a\nb")]
    [InlineData("\",\"level\":\"info")]
    [InlineData("\u001b[31m\u2028\u202e\u0085")]
    public void No_value_breaks_the_line_or_makes_a_member(string text)
    {
        var line = Write([new("Text", text), new("{OriginalFormat}", "{Text}")], text, new InvalidOperationException(text));

        Assert.DoesNotContain(line.TrimEnd(), char.IsControl);
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(
            ["time", "level", "category", "event", "message", "Text", "exception"], json.EnumerateObject().Select(m => m.Name));
        Assert.Equal((text, text), (json.GetProperty("message").GetString(), json.GetProperty("Text").GetString()));
    }

    private static string Write(KeyValuePair<string, object?>[] state, string message, Exception? exception = null)
    {
        var line = new ArrayBufferWriter<byte>();
        new JsonLineFormatter(_time).Write(
            new LogEntry<KeyValuePair<string, object?>[]>(LogLevel.Warning, "A.B", new EventId(7), state, exception, (_, _) => message), null, line);
        return Encoding.UTF8.GetString(line.WrittenSpan);
    }
}
