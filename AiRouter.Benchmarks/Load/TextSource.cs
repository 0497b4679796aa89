using System.Text;

namespace AiRouter.Benchmarks.Load;

/// <summary>Makes texts to be said back: ordinary words, and characters at which bytes, JSON and tokens differ.</summary>
internal sealed class TextSource(Random random)
{
    private static readonly string[] Words =
    [
        "router", "token", "stream", "answer", "model", "target", "weight", "queue", "of", "the", "and", "a", "7", "2026", "naïve", "Zürich",
        "日本語", "😀", "\"quoted\"", "back\\slash", "{\"json\": true}", "line\nbreak", "tab\there", "emdash—", "https://example.com/?q=1&r=2", "Ω≈ç√",
        "data: [DONE]", "<b>bold</b>", "100%", "e\u0301",
    ];

    /// <summary>A text of so many words behind its id.</summary>
    public string Next(string id, int words)
    {
        var text = new StringBuilder(id);
        for (var i = 0; i < words; i++)
        {
            text.Append(' ').Append(Words[random.Next(Words.Length)]);
        }

        return text.Append(" end").ToString();
    }
}
