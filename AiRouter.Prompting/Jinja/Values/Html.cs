using System.Buffers;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>MarkupSafe's <c>escape</c>.</summary>
internal static class Html
{
    private static readonly SearchValues<char> Special = SearchValues.Create("&<>'\"");

    /// <summary>The value's text, escaped unless it is markup.</summary>
    public static string Escape(in JinjaValue value, JinjaRun? run)
    {
        var text = PythonText.Str(value, run);
        return value.IsMarkup ? text : Escape(text, run);
    }

    /// <summary>The text with HTML's five special characters replaced.</summary>
    public static string Escape(string text, JinjaRun? run)
    {
        if (!text.AsSpan().ContainsAny(Special))
        {
            return text;
        }

        using var result = new JinjaText(run);
        AppendEscaped(result, text);
        return result.ToString();
    }

    /// <summary>Appends the value's text, escaped unless it is markup.</summary>
    public static void AppendEscaped(JinjaText output, in JinjaValue value)
    {
        var text = PythonText.Str(value, output.Run);
        if (value.IsMarkup)
        {
            output.Append(text);
        }
        else
        {
            AppendEscaped(output, text);
        }
    }

    private static void AppendEscaped(JinjaText output, ReadOnlySpan<char> text)
    {
        for (var next = text.IndexOfAny(Special); next >= 0; next = text.IndexOfAny(Special))
        {
            output.Append(text[..next]);
            output.Append(text[next] switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&#34;",
                _ => "&#39;",
            });
            text = text[(next + 1)..];
        }

        output.Append(text);
    }
}
