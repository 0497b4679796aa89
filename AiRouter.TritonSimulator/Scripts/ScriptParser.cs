using System.Globalization;
using System.Text;

namespace AiRouter.TritonSimulator.Scripts;

/// <summary>Reads the words in double brackets of a prompt's last message.</summary>
internal static class ScriptParser
{
    private static readonly Script Plain = new();

    public static Script Parse(string prompt)
    {
        var message = PromptReader.LastMessage(prompt);
        if (message.IndexOf("[[", StringComparison.Ordinal) < 0)
        {
            return Plain;
        }

        var script = Plain;
        var rest = new StringBuilder();
        var echo = false;
        while (Next(message, out var before, out var word, out var after))
        {
            rest.Append(before);
            var colon = word.IndexOf(':');
            var name = (colon < 0 ? word : word[..colon]).Trim();
            var value = colon < 0 ? "" : word[(colon + 1)..];
            if (name is "echo")
            {
                echo = true;
                script = script with { Text = value is "prompt" ? prompt : null };
            }
            else if (Apply(script, name.ToString(), value.ToString()) is { } applied)
            {
                script = applied;
            }
            else
            {
                rest.Append("[[").Append(word).Append("]]");
            }

            message = after;
        }

        return echo && script.Text is null ? script with { Text = rest.Append(message).ToString().Trim() } : script;
    }

    private static Script? Apply(Script script, string name, string value)
    {
        return name switch
        {
            "say" => script with { Text = Unescape(value) },
            "json" => script with { Text = value.Trim() },
            "special" => script.Text is null
                ? script with { SpecialsBefore = [.. script.SpecialsBefore, value] }
                : script with { SpecialsAfter = [.. script.SpecialsAfter, value] },
            "images" => script with { TellImages = true },
            "tokens" => script with { Tokens = Number(value, 1) },
            "delay" => script with { DelayMs = Number(value, 0) },
            "start" => script with { StartMs = Number(value, 0) },
            "error" => script with { ErrorAfter = 0, ErrorText = value.Length > 0 ? value : null },
            "error-after" => script with { ErrorAfter = Number(First(value), 0), ErrorText = Second(value) },
            "hang" => script with { HangAfter = 0 },
            "hang-after" => script with { HangAfter = Number(value, 0) },
            "reset" => script with { ResetAfter = 0 },
            "reset-after" => script with { ResetAfter = Number(value, 0) },
            "drop" => script with { DropAfter = 0 },
            "drop-after" => script with { DropAfter = Number(value, 0) },
            "close" => script with { CloseAfter = 0 },
            "close-after" => script with { CloseAfter = Number(value, 0) },
            "status" => script with { StatusAfter = 0, Status = Status(value) },
            "status-after" => script with { StatusAfter = Number(First(value), 0), Status = Status(Second(value)) },
            "malformed" => script with { MalformedAfter = 0 },
            "malformed-after" => script with { MalformedAfter = Number(value, 0) },
            "split" => script with { SplitCharacters = true },
            "fffd" => script with { SplitCharacters = true, ReplaceHalfCharacters = true },
            "lose-spaces" => script with { LoseSpaces = true },
            "empties" => script with { EmptyResponses = true },
            "huge" => script with { HugeMiB = Number(value, 1) },
            "finish" => script with { FinishReason = value },
            _ => null,
        };
    }

    /// <summary>The next word in brackets. A say ends at the last bracket pair of a run; JSON ends where its brackets close.</summary>
    private static bool Next(
        ReadOnlySpan<char> text,
        out ReadOnlySpan<char> before,
        out ReadOnlySpan<char> word,
        out ReadOnlySpan<char> after)
    {
        before = word = after = default;
        var start = text.IndexOf("[[", StringComparison.Ordinal);
        if (start < 0)
        {
            return false;
        }

        var body = text[(start + 2)..];
        var end = body.StartsWith("json:", StringComparison.Ordinal) ? JsonEnd(body) : PlainEnd(body);
        if (end < 0)
        {
            return false;
        }

        before = text[..start];
        word = body[..end];
        after = body[(end + 2)..];
        return true;
    }

    private static int PlainEnd(ReadOnlySpan<char> body)
    {
        var end = body.IndexOf("]]", StringComparison.Ordinal);
        while (end >= 0 && end + 2 < body.Length && body[end + 2] == ']')
        {
            end++;
        }

        return end;
    }

    private static int JsonEnd(ReadOnlySpan<char> body)
    {
        var depth = 0;
        var quoted = false;
        for (var i = "json:".Length; i < body.Length; i++)
        {
            var character = body[i];
            if (quoted)
            {
                i += character == '\\' ? 1 : 0;
                quoted = character != '"';
            }
            else if (depth == 0 && body[i..].StartsWith("]]", StringComparison.Ordinal))
            {
                return i;
            }
            else
            {
                quoted = character == '"';
                depth += character is '{' or '[' ? 1 : character is '}' or ']' ? -1 : 0;
            }
        }

        return -1;
    }

    private static string Unescape(string value)
    {
        return value.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal);
    }

    private static string First(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? value : value[..colon];
    }

    private static string? Second(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : value[(colon + 1)..];
    }

    private static int Number(string value, int otherwise)
    {
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
    }

    private static Grpc.Core.StatusCode Status(string? name)
    {
        var plain = name?.Replace("_", "", StringComparison.Ordinal);
        return Enum.TryParse<Grpc.Core.StatusCode>(plain, ignoreCase: true, out var code)
            ? code
            : Grpc.Core.StatusCode.Unavailable;
    }
}
