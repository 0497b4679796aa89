namespace AiRouter.Api.Backends.OpenAi;

/// <summary>A backend's words made fit for a client: no host, no hidden model name, no stack trace.</summary>
internal static class UpstreamText
{
    private const int MaxLength = 2000;

    /// <summary>The text, cleaned; null when nothing of it may pass.</summary>
    public static string? Clean(Attempt attempt, string? text) =>
        Clean(attempt.Backend.Config.Url, attempt.HiddenModel, attempt.Exchange.PublicName, text);

    /// <summary>The same of what is no attempt's any more.</summary>
    public static string? Clean(Uri url, string? hiddenModel, string publicName, string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || IsTrace(text))
        {
            return null;
        }

        text = text.Replace(url.Authority, "backend", StringComparison.OrdinalIgnoreCase)
            .Replace(url.Host, "backend", StringComparison.OrdinalIgnoreCase);
        if (hiddenModel is not null)
        {
            text = ReplaceWord(text, hiddenModel, publicName);
        }

        return text.Length <= MaxLength ? text : text[..MaxLength] + "…";
    }

    private static bool IsTrace(string text) =>
        text.Contains("Traceback (most recent call last)", StringComparison.Ordinal) ||
        text.Contains("\n   at ", StringComparison.Ordinal) || text.Contains("\n    at ", StringComparison.Ordinal);

    /// <summary>Whole names only: the model "m" does not stand in every word with an m.</summary>
    private static string ReplaceWord(string text, string word, string by)
    {
        var at = 0;
        while (word.Length > 0 && (at = text.IndexOf(word, at, StringComparison.Ordinal)) >= 0)
        {
            var end = at + word.Length;
            var isWhole = (at == 0 || !IsNamePart(text[at - 1])) && (end == text.Length || !IsNamePart(text[end]));
            if (isWhole)
            {
                text = string.Concat(text.AsSpan(0, at), by, text.AsSpan(end));
                at += by.Length;
            }
            else
            {
                at = end;
            }
        }

        return text;
    }

    private static bool IsNamePart(char c) => char.IsLetterOrDigit(c) || c is '_';
}
