using System.Text.RegularExpressions;

namespace AiRouter.Core.Metering;

/// <summary>
/// Takes out of bodies what nobody should find in a log: credentials by their known forms and by the names of members that hold them,
/// and the content of <c>data:</c> URLs. It runs behind the request, in the writer. What people write into prompts in words of their
/// own it cannot know.
/// </summary>
public static partial class BodyRedaction
{
    private const string Hidden = "[redacted]";

    /// <summary>The same bodies without those.</summary>
    /// <param name="bodies">What was said.</param>
    /// <param name="maxKiB">The most of each; redaction may have made it longer.</param>
    public static LoggedBodies Apply(LoggedBodies bodies, int maxKiB) =>
        bodies with { Request = Apply(bodies.Request, maxKiB), Response = Apply(bodies.Response, maxKiB) };

    /// <summary>The same text without those.</summary>
    public static string Apply(string text)
    {
        text = DataUrl().Replace(text, "$1,…");
        text = Member().Replace(text, "$1" + Hidden);
        text = EscapedMember().Replace(text, "$1" + Hidden);
        return Token().Replace(text, Hidden);
    }

    private static string Apply(string text, int maxKiB)
    {
        var redacted = Apply(text);
        return redacted.Length > maxKiB * 1024 ? redacted[..(maxKiB * 1024)] : redacted;
    }

    // A content type tells it from an event's "data: {…". Base64 in it is short already (BodyExcerpt).
    [GeneratedRegex("""(data:[a-z]+\\?/[a-z0-9.+;=_-]+),(?:\\/|[^"'\\\s)<>])*""", RegexOptions.IgnoreCase)]
    private static partial Regex DataUrl();

    // A string member of JSON, also one that the end of the excerpt cuts.
    [GeneratedRegex(
        """("(?:[a-z0-9_-]*(?:authorization|api[_-]?key|secret|secret[_-]?key|password|passwd|access[_-]?token|refresh[_-]?token|id[_-]?token|auth[_-]?token|private[_-]?key|credentials?))"\s*:\s*")(?:[^"\\]|\\.?)+""",
        RegexOptions.IgnoreCase)]
    private static partial Regex Member();

    // The same in JSON that is the text of a string: arguments of tool calls.
    [GeneratedRegex(
        """(\\"(?:[a-z0-9_-]*(?:authorization|api[_-]?key|secret|secret[_-]?key|password|passwd|access[_-]?token|refresh[_-]?token|id[_-]?token|auth[_-]?token|private[_-]?key|credentials?))\\"\s*:\s*\\")(?:[^"\\]|\\\\.?.?)+""",
        RegexOptions.IgnoreCase)]
    private static partial Regex EscapedMember();

    // Ours, OpenAI's and alike, bearer tokens, GitHub, Hugging Face, Slack, Google, AWS, JSON web tokens.
    [GeneratedRegex(
        """sk-air-[A-Za-z0-9_-]*|\bsk-[A-Za-z0-9_-]{16,}|(?<=\bBearer\s)[A-Za-z0-9._~+/=-]{8,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bhf_[A-Za-z0-9]{20,}|\bxox[abeprs]-[A-Za-z0-9-]{10,}|\bAIza[0-9A-Za-z_-]{30,}|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*""")]
    private static partial Regex Token();
}
