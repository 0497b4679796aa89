using System.Text;
using System.Text.RegularExpressions;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>Python's <c>textwrap.wrap</c>, with tabs and white space left as they are.</summary>
internal sealed partial class WordWrapping(long width, bool breaksLongWords, bool breaksAtHyphens, JinjaRun run)
{
    /// <summary>The lines of one paragraph.</summary>
    public List<string> Wrap(string text)
    {
        var lines = new List<string>();
        if (width <= 0)
        {
            throw JinjaValueException.ValueError($"invalid width {width} (must be > 0)");
        }

        var chunks = Split(text);
        var line = new StringBuilder();
        var last = string.Empty;
        for (var i = 0; i < chunks.Count;)
        {
            run.Spend(1);
            line.Clear();
            last = string.Empty;
            long length = 0;
            if (lines.Count > 0 && IsBlank(chunks[i]) && ++i == chunks.Count)
            {
                break;
            }

            while (i < chunks.Count && length + CodePoints.Count(chunks[i]) <= width)
            {
                last = chunks[i++];
                length += CodePoints.Count(last);
                line.Append(last);
            }

            if (i < chunks.Count && CodePoints.Count(chunks[i]) > width)
            {
                run.Spend(chunks[i].Length / 16);
                if (TakeLong(chunks, ref i, width - length, line.Length == 0) is { } part)
                {
                    last = part;
                    line.Append(part);
                }
            }

            if (line.Length > 0 && IsBlank(last))
            {
                line.Length -= last.Length;
            }

            if (line.Length > 0)
            {
                lines.Add(line.ToString());
            }
        }

        return lines;
    }

    // What fits of a word that is wider than a line.
    private string? TakeLong(List<string> chunks, ref int i, long room, bool isFirst)
    {
        if (!breaksLongWords)
        {
            return isFirst ? chunks[i++] : null;
        }

        var chunk = chunks[i];
        var end = CodePoints.ToUnit(chunk, room);
        if (breaksAtHyphens)
        {
            var hyphen = chunk.AsSpan(0, end).LastIndexOf('-');
            end = hyphen > 0 && chunk.AsSpan(0, hyphen).ContainsAnyExcept('-') ? hyphen + 1 : end;
        }

        run.Reserve(chunk.Length);
        chunks[i] = chunk[end..];
        return chunk[..end];
    }

    private List<string> Split(string text)
    {
        run.Spend(1 + (text.Length / 8));
        run.Reserve(text.Length);
        var parts = (breaksAtHyphens ? WordsAndHyphens() : Spaces()).Split(text);
        return [.. parts.Where(p => p.Length > 0)];
    }

    private static bool IsBlank(string text)
    {
        foreach (var c in text)
        {
            if (!UnicodeClasses.IsSpace(c))
            {
                return false;
            }
        }

        return true;
    }

    [GeneratedRegex(@"([\t\n\v\f\r ]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();

    // White space; dashes between words; a word up to its end, to a hyphen between letters or to dashes.
    [GeneratedRegex(
        @"([\t\n\v\f\r ]+|(?<=[\w!""'&.,?])-{2,}(?=\w)|[^\t\n\v\f\r ]+?(?:-(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[^\d\W]-))" +
        @"(?=[^\d\W]-?[^\d\W])|(?=[\t\n\v\f\r ]|\z)|(?<=[\w!""'&.,?])(?=-{2,}\w)))",
        RegexOptions.CultureInvariant)]
    private static partial Regex WordsAndHyphens();
}
