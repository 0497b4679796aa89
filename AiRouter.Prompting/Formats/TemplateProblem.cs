using AiRouter.Prompting.Jinja;

namespace AiRouter.Prompting.Formats;

/// <summary>What is wrong with a template, or with what it was given, and where in the template that shows. For operators.</summary>
/// <param name="Kind">Whose fault it is.</param>
/// <param name="Template">What the template is called: its file, as a rule.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in UTF-16 units, from 1.</param>
/// <param name="Reason">What is wrong; what the template said when it refused.</param>
/// <param name="Advice">What to do about it; may be empty.</param>
public sealed record TemplateProblem(JinjaErrorKind Kind, string Template, int Line, int Column, string Reason, string Advice)
{
    /// <summary>Place, reason and advice in a line.</summary>
    public override string ToString()
    {
        var message = $"{Template}, line {Line}, column {Column}: {Reason}";
        return Advice.Length == 0 ? message : message.EndsWith('.') ? $"{message} {Advice}" : $"{message}. {Advice}";
    }

    internal static TemplateProblem Of(JinjaException failure) =>
        new(failure.Kind, failure.TemplateName, failure.Line, failure.Column, failure.Reason, failure.Advice);
}
