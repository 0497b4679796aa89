using System.Globalization;

namespace AiRouter.Api.Commands.Import;

/// <summary>Something that is said of what was imported, or was not.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">From 1; 0: of the file as a whole.</param>
/// <param name="Path">Of the value, such as <c>router_settings.redis_host</c>.</param>
/// <param name="Sentence">Why, and what to do.</param>
internal sealed record ImportNote(string File, int Line, string Path, string Sentence)
{
    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        var text = (Path.Length > 0 ? $"{Path}: {Sentence}" : Sentence) + $" [{File}{(Line > 0 ? $", line {Line}" : "")}]";
        return OneLine(text);
    }

    /// <summary>A text without anything that YAML, or a terminal, takes for the end of a line or a command.</summary>
    public static string OneLine(string text) => string.Concat(text.Select(static c =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? '?' : c));
}
