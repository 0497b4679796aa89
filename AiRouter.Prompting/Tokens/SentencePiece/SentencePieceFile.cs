using System.Text.RegularExpressions;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Tokens.Merging;
using AiRouter.Prompting.Tokens.Segments;

namespace AiRouter.Prompting.Tokens.SentencePiece;

/// <summary>
/// Makes a counter of a SentencePiece <c>tokenizer.model</c>. Its control tokens are found in a text, as Hugging Face and so
/// vLLM and TensorRT-LLM do it; the text between two of them is encoded by itself.
/// </summary>
internal static partial class SentencePieceFile
{
    private const int BytePairs = 2;

    private static readonly string[] Types = ["UNIGRAM", "BPE", "WORD", "CHAR"];

    /// <summary>The tokenizer.</summary>
    /// <exception cref="TokenizerFormatException">The file cannot be read, or needs what is not supported.</exception>
    public static ITokenCounter Read(string name, ReadOnlyMemory<byte> content)
    {
        if (TiktokenLine().IsMatch(System.Text.Encoding.UTF8.GetString(content.Span[..Math.Min(content.Length, 64)])))
        {
            throw new TokenizerFormatException(
                "it is a vocabulary of tiktoken, which has no patterns and special tokens; name the model's tokenizer.json");
        }

        var model = ModelFileReader.Read(content.Span);
        if (model.ModelType != BytePairs)
        {
            var type = model.ModelType is > 0 and <= 4 ? Types[model.ModelType - 1] : $"{model.ModelType}";
            throw new TokenizerFormatException($"trainer_spec.model_type {type} is not supported; supported: BPE");
        }

        if (model.HasCharacterMap)
        {
            throw new TokenizerFormatException(
                "normalizer_spec.precompiled_charsmap is not supported; supported: the normalizer \"identity\"");
        }

        return model.Pieces.Any(piece => piece.Type == PieceType.Unused)
            ? throw new TokenizerFormatException("pieces of type UNUSED are not supported")
            : ReadBytePairs(name, model);
    }

    private static SegmentCounter ReadBytePairs(string name, ModelFile model)
    {
        var symbols = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var piece in model.Pieces.Where(piece => piece.Type == PieceType.Normal))
        {
            symbols.TryAdd(piece.Text, symbols.Count);
        }

        var atoms = model.Pieces.Where(piece => piece.Type == PieceType.UserDefined).Select(piece => piece.Text).ToList();
        var vocabulary = new CharacterVocabulary(symbols, atoms, model.FallsBackToBytes);
        return new SegmentCounter
        {
            Name = name,
            Tokens = ControlTokens(model),
            Rules = [new SpaceRule(model)],
            Splits = symbols.Keys.Concat(atoms).Any(Words.AreInOne) ? [] : [Words.Split],
            Pieces = new CharacterPieces(vocabulary, Merges(model, symbols)),
            SpecialTokens = CountAround(model),
        };
    }

    private static AddedTokens ControlTokens(ModelFile model) =>
        new(model.Pieces.Where(piece => piece.Type is PieceType.Control or PieceType.Unknown)
            .Select(piece => new AddedToken(piece.Text)));

    /// <summary>BOS. EOS is for training: no server adds it to a prompt.</summary>
    private static int CountAround(ModelFile model) => model.Bos >= 0 && model.Bos < model.Pieces.Count ? 1 : 0;

    /// <summary>Any two symbols that are a piece together become it; the one of the highest score goes first.</summary>
    private static MergeTable Merges(ModelFile model, Dictionary<string, int> symbols)
    {
        var ranks = model.Pieces.Select(piece => piece.Score).Distinct().OrderDescending().Index()
            .ToDictionary(score => score.Item, score => score.Index);
        var lookup = symbols.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new List<(int Left, int Right, Merge Merge)>();
        foreach (var piece in model.Pieces.Where(piece => piece.Type == PieceType.Normal))
        {
            for (var at = 1; at < piece.Text.Length; at++)
            {
                if (lookup.TryGetValue(piece.Text.AsSpan(0, at), out var left) &&
                    lookup.TryGetValue(piece.Text.AsSpan(at), out var right))
                {
                    merges.Add((left, right, new Merge(ranks[piece.Score], symbols[piece.Text])));
                }
            }
        }

        var table = new MergeTable(merges.Count);
        foreach (var (left, right, merge) in merges)
        {
            table.Add(left, right, merge);
        }

        return table;
    }

    [GeneratedRegex("^[A-Za-z0-9+/]+={0,2} [0-9]+\r?\n", RegexOptions.CultureInvariant)]
    private static partial Regex TiktokenLine();
}
