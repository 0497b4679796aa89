using System.Text;
using System.Text.RegularExpressions;

namespace AiRouter.Api.Requests;

/// <summary>
/// Reads the <c>Content-Disposition</c> of a form's part, as its clients write it: parameters quoted or not, file names with
/// backslashes, <c>filename*</c>. Stricter than a browser where two readers could differ: each parameter once, no
/// <c>name*</c>.
/// </summary>
internal static partial class DispositionReader
{
    /// <summary>The head of a part with another name in it; everything else as it was.</summary>
    /// <param name="head">Delimiter and headers, of a part that <see cref="Read"/> has accepted.</param>
    /// <param name="name">The name, escaped.</param>
    public static string Rename(string head, string name) =>
        Name().Replace(head, match => $"{match.Groups[1].Value}\"{name}\"", 1);

    /// <summary>The field's name and whether it is a file; null when the header is not one of a form's part.</summary>
    public static (string Name, bool IsFile)? Read(ReadOnlySpan<char> value)
    {
        var rest = value;
        if (!Next(ref rest, ';').Trim().Equals("form-data", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string? name = null;
        var isFile = false;
        while (!rest.IsEmpty)
        {
            var parameter = Next(ref rest, ';').Trim();
            if (parameter.IsEmpty)
            {
                continue;
            }

            var equals = parameter.IndexOf('=');
            var key = (equals < 0 ? parameter : parameter[..equals]).Trim();
            var isName = key.Equals("name", StringComparison.OrdinalIgnoreCase);
            if (equals < 0 || key.Equals("name*", StringComparison.OrdinalIgnoreCase) || (isName && name is not null))
            {
                return null;
            }

            isFile |= key.StartsWith("filename", StringComparison.OrdinalIgnoreCase);
            name = isName ? Unquote(parameter[(equals + 1)..].Trim()) : name;
        }

        return name is null ? null : (name, isFile);
    }

    /// <summary>Up to a separator that is not in quotes.</summary>
    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest, char separator)
    {
        var quoted = false;
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                quoted = !quoted;
            }
            else if (rest[i] == '\\' && quoted && i + 1 < rest.Length && rest[i + 1] == '"')
            {
                i++;
            }
            else if (rest[i] == separator && !quoted)
            {
                var head = rest[..i];
                rest = rest[(i + 1)..];
                return head;
            }
        }

        var last = rest;
        rest = default;
        return last;
    }

    [GeneratedRegex("""(?<=^content-disposition:[^\r\n]*;\s*)(name\s*=\s*)("(?:[^"\\]|\\.)*"|[^;\s]*)""", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Name();

    private static string Unquote(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"')
        {
            return text.ToString();
        }

        var inner = text[1..^1];
        var plain = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            var isEscape = inner[i] == '\\' && i + 1 < inner.Length && inner[i + 1] is '"' or '\\';
            plain.Append(isEscape ? inner[++i] : inner[i]);
        }

        return plain.ToString();
    }
}
