using System.Text.RegularExpressions;
using AiRouter.Prompting.Tokens.Segments;

namespace AiRouter.Prompting.Tokens.HuggingFace;

/// <summary>Reads <c>pre_tokenizer</c>.</summary>
internal static class PreTokenizerReader
{
    private const string Supported = "ByteLevel, Digits, Metaspace, Sequence, Split";

    /// <summary>What it does.</summary>
    public static PreTokenization Read(JsonPart part)
    {
        var result = new PreTokenization();
        Add(part, result);
        return result;
    }

    private static void Add(JsonPart part, PreTokenization result)
    {
        if (part.IsAbsent)
        {
            return;
        }

        if (result.IsByteLevel)
        {
            throw new TokenizerFormatException($"{part.Path}.type \"{part.Type}\" behind ByteLevel is not supported");
        }

        switch (part.Type)
        {
            case "Sequence":
                foreach (var item in part.Of("pretokenizers").Items())
                {
                    Add(item, result);
                }

                break;
            case "Split":
                result.Splits.Add(ReadSplit(part));
                break;
            case "Digits":
                var each = part.Of("individual_digits").Flag();
                result.Splits.Add(new PatternSplit(
                    OnigurumaPattern.Compile(@"\p{N}", part.Path), each ? SplitBehavior.Isolated : SplitBehavior.Contiguous));
                break;
            case "ByteLevel":
                AddByteLevel(part, result);
                break;
            case "Metaspace":
                AddMetaspace(part, result);
                break;
            default:
                throw part.UnknownType(Supported);
        }
    }

    private static void AddByteLevel(JsonPart part, PreTokenization result)
    {
        if (part.Of("add_prefix_space").Flag(absent: true))
        {
            AddRule(part.Of("add_prefix_space"), result, new PrefixRule(" ", onlyIfMissing: true));
        }

        if (part.Of("use_regex").Flag(absent: true))
        {
            result.Splits.Add(new PatternSplit(OnigurumaPattern.Compile(KnownPatterns.Gpt2, part.Path), SplitBehavior.Isolated));
        }

        result.IsByteLevel = true;
    }

    private static void AddMetaspace(JsonPart part, PreTokenization result)
    {
        var replacement = part.Of("replacement").Text() ?? "▁";
        AddRule(part, result, new ReplaceRule(" ", replacement));
        switch (part.Of("prepend_scheme").Text() ?? (part.Of("add_prefix_space").Flag(absent: true) ? "always" : "never"))
        {
            case "always":
                result.Rules.Add(new PrefixRule(replacement, onlyIfMissing: true));
                break;
            case "first":
                result.Rules.Add(new PrefixRule(replacement, onlyIfMissing: true, onlyAtStart: true));
                break;
            case "never":
                break;
            case var other:
                throw new TokenizerFormatException(
                    $"{part.Path}.prepend_scheme \"{other}\" is not supported; supported: always, first, never");
        }

        if (part.Of("split").Flag(absent: true))
        {
            result.Splits.Add(new PatternSplit(
                OnigurumaPattern.Compile(Regex.Escape(replacement), part.Path), SplitBehavior.MergedWithNext));
        }
    }

    /// <summary>Rules change the whole segment, so none can come behind a split.</summary>
    private static void AddRule(JsonPart part, PreTokenization result, ITextRule rule)
    {
        if (result.Splits.Count > 0)
        {
            throw new TokenizerFormatException($"{part.Path} behind another pre-tokenizer that splits is not supported");
        }

        result.Rules.Add(rule);
    }

    private static PatternSplit ReadSplit(JsonPart part)
    {
        var pattern = part.Of("pattern");
        var regex = pattern.Of("Regex").Text()
            ?? (pattern.Of("String").Text() is { } text ? Regex.Escape(text) : null)
            ?? throw new TokenizerFormatException($"{pattern.Path} must have a Regex or a String");
        var behavior = part.Of("behavior").Text() ?? "";
        return Enum.TryParse<SplitBehavior>(behavior, out var known)
            ? new PatternSplit(OnigurumaPattern.Compile(regex, pattern.Path), known, part.Of("invert").Flag())
            : throw new TokenizerFormatException(
                $"{part.Path}.behavior \"{behavior}\" is not supported; supported: {string.Join(", ", Enum.GetNames<SplitBehavior>())}");
    }
}
