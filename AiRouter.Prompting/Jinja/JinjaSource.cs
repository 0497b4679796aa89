namespace AiRouter.Prompting.Jinja;

/// <summary>A template's text as the lexer reads it: newlines as <c>\n</c>, without the last one.</summary>
internal sealed class JinjaSource
{
    public JinjaSource(string text, string name)
    {
        Name = name;
        Text = text.Contains('\r', StringComparison.Ordinal)
            ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n')
            : text;
        if (Text.EndsWith('\n'))
        {
            Text = Text[..^1];
        }
    }

    public string Name { get; }

    public string Text { get; }

    /// <summary>Line and column of an offset, from 1.</summary>
    public (int Line, int Column) PositionOf(int offset)
    {
        var before = Text.AsSpan(0, Math.Clamp(offset, 0, Text.Length));
        var line = before.Count('\n') + 1;
        return (line, before.Length - (before.LastIndexOf('\n') + 1) + 1);
    }

    public string Describe(int offset, string reason, string advice)
    {
        var (line, column) = PositionOf(offset);
        var message = $"{Name}, line {line}, column {column}: {reason}";
        if (advice.Length == 0)
        {
            return message;
        }

        return message.EndsWith('.') ? $"{message} {advice}" : $"{message}. {advice}";
    }

    public JinjaException SyntaxError(int offset, string reason, string advice = "") =>
        new(JinjaErrorKind.Syntax, reason, advice, this, offset);
}
