using System.Globalization;
using System.Text;

namespace AiRouter.Admin.Management.Playground.Samples;

/// <summary>A text as a literal in double quotes, which C# and Python read alike.</summary>
internal static class QuotedText
{
    /// <summary>The literal, with its quotes.</summary>
    public static string Of(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
