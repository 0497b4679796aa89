namespace AiRouter.Prompting.Jinja;

/// <summary>A template cannot be parsed or rendered. The message tells where, what, and what to do.</summary>
public sealed class JinjaException : Exception
{
    internal JinjaException(
        JinjaErrorKind kind, string reason, string advice, JinjaSource source, int offset, Exception? inner = null)
        : base(source.Describe(offset, reason, advice), inner)
    {
        Kind = kind;
        Reason = reason;
        Advice = advice;
        TemplateName = source.Name;
        (Line, Column) = source.PositionOf(offset);
    }

    /// <summary>Whose fault it is.</summary>
    public JinjaErrorKind Kind { get; }

    /// <summary>What is wrong, in the words of Jinja2 and Python; what the template said when it refused.</summary>
    public string Reason { get; }

    /// <summary>What to do about it; may be empty.</summary>
    public string Advice { get; }

    /// <summary>The template's name, as given to <see cref="JinjaTemplate.Parse"/>.</summary>
    public string TemplateName { get; }

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The column in UTF-16 units, from 1.</summary>
    public int Column { get; }
}
