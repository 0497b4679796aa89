using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Tokens.HuggingFace;
using AiRouter.Prompting.Tokens.Merging;
using AiRouter.Prompting.Tokens.Segments;

namespace AiRouter.Prompting.Tokens.Tiktoken;

/// <summary>An encoding of OpenAI's tiktoken; the vocabularies come with packages of Microsoft.ML.Tokenizers.</summary>
internal sealed class TiktokenEncoding
{
    private static readonly string[] HarmonyTokens =
    [
        "<|startoftext|>", "<|endoftext|>", "<|return|>", "<|constrain|>", "<|channel|>", "<|start|>", "<|end|>", "<|message|>",
        "<|call|>", "<|endofprompt|>",
        .. Enumerable.Range(200_000, 1088).Select(id => string.Create(CultureInfo.InvariantCulture, $"<|reserved_{id}|>")),
    ];

    private readonly Lazy<ITokenCounter> _counter;

    private TiktokenEncoding(string name, string vocabulary, string pattern, string[] tokens)
    {
        Name = name;
        _counter = new Lazy<ITokenCounter>(() => Load(name, vocabulary, pattern, tokens));
    }

    /// <summary>Every encoding whose vocabulary is at hand.</summary>
    public static IReadOnlyList<TiktokenEncoding> All { get; } =
    [
        new("cl100k_base", "Cl100kBase", KnownPatterns.Cl100k,
            ["<|endoftext|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|endofprompt|>"]),
        new("o200k_base", "O200kBase", KnownPatterns.O200k, ["<|endoftext|>", "<|endofprompt|>"]),
        new("o200k_harmony", "O200kBase", KnownPatterns.O200k, HarmonyTokens),
    ];

    /// <summary>Encodings that there are, too, but whose vocabulary is not at hand.</summary>
    public static IReadOnlyList<string> Absent { get; } = ["p50k_base", "p50k_edit", "r50k_base", "gpt2"];

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The encoding, loaded when it is first asked for.</summary>
    public ITokenCounter Counter => _counter.Value;

    private static SegmentCounter Load(string name, string vocabulary, string pattern, string[] tokens)
    {
        var symbols = ReadVocabulary($"Microsoft.ML.Tokenizers.Data.{vocabulary}");
        return new SegmentCounter
        {
            Name = name,
            Tokens = new AddedTokens(tokens.Select(token => new AddedToken(token))),
            Splits = [new PatternSplit(OnigurumaPattern.Compile(pattern, name), SplitBehavior.Isolated)],
            Pieces = new ByteLevelPieces(symbols, RankedMerges.Of(symbols), takesWhole: true),
        };
    }

    /// <summary>Lines of tokens in base64, by rank, behind one that tells how many there are.</summary>
    private static Dictionary<string, int> ReadVocabulary(string package)
    {
        var assembly = Assembly.Load(package);
        using var resource = assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single())!;
        using var lines = new StreamReader(new DeflateStream(resource, CompressionMode.Decompress));
        var symbols = new Dictionary<string, int>(StringComparer.Ordinal);
        while (lines.ReadLine() is { } line)
        {
            if (!line.Contains(':', StringComparison.Ordinal))
            {
                symbols.Add(ByteLetters.Write(Convert.FromBase64String(line)), symbols.Count);
            }
        }

        return symbols;
    }
}
