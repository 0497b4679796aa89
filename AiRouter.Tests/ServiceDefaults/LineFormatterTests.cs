using System.Buffers;
using System.Text;
using AiRouter.ServiceDefaults;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.ServiceDefaults;

public sealed class LineFormatterTests
{
    [Theory]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("a\r\nb\tc", "a\\r\\nb\\tc")]
    [InlineData("\u001b[31mred\u0007", "\\u001b[31mred\\u0007")]
    [InlineData("\u0085\u2028\u2029\u202e\u200b\u007f", "\\u0085\\u2028\\u2029\\u202e\\u200b\\u007f")]
    [InlineData("plain, \u00fc and \ud83d\ude00", "plain, \u00fc and \ud83d\ude00")]
    public void Message_is_one_line_whatever_it_holds(string message, string written) =>
        Assert.Equal($"2026-11-22T23:59:58.123Z warn: A.B[7] {written}{Environment.NewLine}", Write("A.B", message));

    [Fact]
    public void Category_cannot_begin_a_line_and_an_exception_is_in_the_same_one()
    {
        var line = Write("A\nB", "m", new InvalidOperationException("first\r\nsecond\u001b"));

        Assert.Equal("2026-11-22T23:59:58.123Z warn: A\\nB[7] m System.InvalidOperationException: first second\\u001b" + Environment.NewLine, line);
    }

    private static string Write(string category, string message, Exception? exception = null)
    {
        var line = new ArrayBufferWriter<byte>();
        new LineFormatter(new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 23, 59, 58, 123, TimeSpan.Zero))).Write(
            new LogEntry<string>(LogLevel.Warning, category, new EventId(7), message, exception, static (state, _) => state), null, line);
        return Encoding.UTF8.GetString(line.WrittenSpan);
    }
}
