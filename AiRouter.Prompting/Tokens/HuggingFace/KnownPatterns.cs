using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace AiRouter.Prompting.Tokens.HuggingFace;

/// <summary>
/// The patterns that most tokenizers split texts with, compiled with the program. Where no code can be made at run time any other is
/// interpreted, which takes 35 µs a KiB instead of 9 (ADR 34).
/// </summary>
internal static partial class KnownPatterns
{
    /// <summary>How every pattern is meant: Oniguruma's ^ and $ stand at every line.</summary>
    public const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Multiline;

    /// <summary>A pattern is the operator's, the text is anybody's: backtracking without end becomes an error.</summary>
    public const int LongestMilliseconds = 1000;

    /// <summary>GPT-2's, which ByteLevel has built in.</summary>
    public const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>cl100k_base, Llama 3.</summary>
    public const string Cl100k =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>o200k_base, gpt-oss, Llama 4.</summary>
    public const string O200k = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?" +
        @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?" +
        @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Qwen =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string DeepSeekWords =
        @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string DeepSeekHan = "[一-龥぀-ゟ゠-ヿ]+";
    private const string Digit = @"\p{N}";
    private const string Digits = @"\p{N}{1,3}";

    private static readonly FrozenDictionary<string, Func<Regex>> All = new Dictionary<string, Func<Regex>>(StringComparer.Ordinal)
    {
        [Gpt2] = OfGpt2,
        [Cl100k] = OfCl100k,
        [O200k] = OfO200k,
        [Qwen] = OfQwen,
        [DeepSeekWords] = OfDeepSeekWords,
        [DeepSeekHan] = OfDeepSeekHan,
        [Digit] = OfDigit,
        [Digits] = OfDigits,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The pattern, where it is one of these.</summary>
    public static Regex? Find(string pattern) => All.TryGetValue(pattern, out var known) ? known() : null;

    [GeneratedRegex(Gpt2, Options, LongestMilliseconds)]
    private static partial Regex OfGpt2();

    [GeneratedRegex(Cl100k, Options, LongestMilliseconds)]
    private static partial Regex OfCl100k();

    [GeneratedRegex(O200k, Options, LongestMilliseconds)]
    private static partial Regex OfO200k();

    [GeneratedRegex(Qwen, Options, LongestMilliseconds)]
    private static partial Regex OfQwen();

    [GeneratedRegex(DeepSeekWords, Options, LongestMilliseconds)]
    private static partial Regex OfDeepSeekWords();

    [GeneratedRegex(DeepSeekHan, Options, LongestMilliseconds)]
    private static partial Regex OfDeepSeekHan();

    [GeneratedRegex(Digit, Options, LongestMilliseconds)]
    private static partial Regex OfDigit();

    [GeneratedRegex(Digits, Options, LongestMilliseconds)]
    private static partial Regex OfDigits();
}
