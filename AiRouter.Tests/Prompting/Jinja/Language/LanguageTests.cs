using System.Runtime.CompilerServices;
using System.Text.Json;
using AiRouter.Prompting.Jinja;

namespace AiRouter.Tests.Prompting.Jinja.Language;

/// <summary>The whole language in small templates, compared with what Jinja2 makes of them (make_golden.py).</summary>
public sealed class LanguageTests
{
    private static readonly JsonElement _golden = Load();

    public static TheoryData<string> Groups() =>
        [.. _golden.GetProperty("cases").EnumerateArray().Select(static c => c.GetProperty("group").GetString()!).Distinct()];

    [Theory]
    [MemberData(nameof(Groups))]
    public void Templates_do_what_Jinja2_does(string group)
    {
        var cases = _golden.GetProperty("cases").EnumerateArray()
            .Where(c => c.GetProperty("group").GetString() == group).ToArray();

        Assert.NotEmpty(cases);
        Assert.All(cases, static c => Assert.Equal(Expected(c), Actual(c.GetProperty("template").GetString()!)));
    }

    private static string Expected(JsonElement golden) =>
        golden.TryGetProperty("text", out var text) ? $"text: {text.GetString()}"
        : golden.TryGetProperty("syntax", out var syntax) ? $"{JinjaErrorKind.Syntax}: {syntax.GetString()}"
        : $"error: {golden.GetProperty("error").GetString()}";

    private static string Actual(string template)
    {
        try
        {
            var parsed = JinjaTemplate.Parse(template, "test.jinja");
            return $"text: {Render.Text(parsed, Render.Variables(_golden.GetProperty("context")))}";
        }
        catch (JinjaException exception)
        {
            var kind = exception.Kind == JinjaErrorKind.Syntax ? nameof(JinjaErrorKind.Syntax) : "error";
            return $"{kind}: {exception.Reason}";
        }
    }

    private static JsonElement Load([CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(caller)!, "Golden", "language.json");
        return JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
    }
}
