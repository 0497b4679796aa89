using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Tests.Prompting.Jinja.Library;

/// <summary>
/// Thousands of expressions and what Jinja2 makes of them, the text or the error: written by
/// <c>Golden/make_expressions.py</c>, which runs Jinja2 itself in the sandbox that transformers uses.
/// </summary>
public sealed class ExpressionTests
{
    private static readonly Lazy<JsonDocument> Golden = new(() => JsonDocument.Parse(File.ReadAllBytes(Here())));

    // Python tells more than we do: where in its own objects it looked, what the function is called inside.
    private static readonly string[] OtherWords =
    [
        "argument", "takes ", "missing 1 required", "expected at ", "index out of range", "LimitReached",
    ];

    public static TheoryData<string> Groups =>
        [.. Golden.Value.RootElement.GetProperty("groups").EnumerateObject().Select(group => group.Name)];

    [Theory]
    [MemberData(nameof(Groups))]
    public void Expression_gives_what_Jinja2_gives(string group)
    {
        var variables = JinjaValue.FromJson(Golden.Value.RootElement.GetProperty("context"));
        Assert.True(variables.TryGetDict(out var context));
        var cases = Golden.Value.RootElement.GetProperty("groups").GetProperty(group);
        var wrong = new StringBuilder();
        foreach (var @case in cases.EnumerateArray())
        {
            var expected = Expected(@case);
            var actual = Render(@case, context);
            if (!IsSame(expected, actual))
            {
                wrong.AppendLine(CultureInfo.InvariantCulture, $"{@case.GetProperty("template").GetString()}")
                    .AppendLine(CultureInfo.InvariantCulture, $"    Jinja2: {expected}")
                    .AppendLine(CultureInfo.InvariantCulture, $"    we:     {actual}");
            }
        }

        Assert.True(cases.GetArrayLength() > 0);
        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    private static string Expected(JsonElement @case) => @case.TryGetProperty("output", out var output)
        ? output.GetString()!
        : $"{@case.GetProperty("error").GetString()}: {@case.GetProperty("message").GetString()}";

    private static string Render(JsonElement @case, JinjaDict context)
    {
        var now = @case.TryGetProperty("now", out var given) ? given.GetString()! : "2026-01-15T12:00:00";
        var options = new JinjaOptions { Now = DateTimeOffset.Parse(now + "Z", CultureInfo.InvariantCulture) };
        var output = new ArrayBufferWriter<byte>();
        try
        {
            var template = JinjaTemplate.Parse(@case.GetProperty("template").GetString()!, "expression");
            template.Render(context, output, options);
            return Encoding.UTF8.GetString(output.WrittenSpan);
        }
        catch (JinjaException exception) when (exception.Kind == JinjaErrorKind.Syntax)
        {
            return "TemplateSyntaxError: " + exception.Reason;
        }
        catch (JinjaException exception) when (exception.InnerException is JinjaValueException inner)
        {
            return $"{inner.Type}: {exception.Reason}";
        }
    }

    private static bool IsSame(string expected, string actual)
    {
        if (expected == actual)
        {
            return true;
        }

        var type = expected.AsSpan(0, expected.IndexOf(':', StringComparison.Ordinal) + 1);
        return !type.IsEmpty && actual.AsSpan().StartsWith(type) &&
            (type is "TemplateSyntaxError:" || Array.Exists(OtherWords, words => expected.Contains(words)));
    }

    private static string Here([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "Golden", "expressions.json");
}
