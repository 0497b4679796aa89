using AiRouter.Prompting.Tokens.Segments;
using AiRouter.Prompting.Tokens.Unicode;

namespace AiRouter.Prompting.Tokens.HuggingFace;

/// <summary>Reads <c>normalizer</c>.</summary>
internal static class NormalizerReader
{
    /// <summary>What it does, in order.</summary>
    public static List<ITextRule> Read(JsonPart normalizer)
    {
        var rules = new List<ITextRule>();
        Add(normalizer, rules);
        return rules;
    }

    private static void Add(JsonPart normalizer, List<ITextRule> rules)
    {
        if (normalizer.IsAbsent)
        {
            return;
        }

        switch (normalizer.Type)
        {
            case "Sequence":
                foreach (var item in normalizer.Of("normalizers").Items())
                {
                    Add(item, rules);
                }

                break;
            case "NFC":
                rules.Add(CanonicalComposition.Instance);
                break;
            case "Prepend":
                rules.Add(new PrefixRule(normalizer.Of("prepend").Text() ?? "", onlyIfMissing: false));
                break;
            case "Replace":
                var pattern = normalizer.Of("pattern").Of("String");
                rules.Add(new ReplaceRule(
                    pattern.Text() ?? throw new TokenizerFormatException($"{pattern.Path} is missing: only texts are replaced"),
                    normalizer.Of("content").Text() ?? ""));
                break;
            default:
                throw normalizer.UnknownType("NFC, Prepend, Replace (of a String), Sequence");
        }
    }
}
