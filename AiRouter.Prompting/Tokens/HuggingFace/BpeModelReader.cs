using System.Globalization;
using System.Text.Json;
using AiRouter.Prompting.Tokens.Merging;
using AiRouter.Prompting.Tokens.Segments;

namespace AiRouter.Prompting.Tokens.HuggingFace;

/// <summary>Reads <c>model</c> of type BPE.</summary>
internal static class BpeModelReader
{
    /// <summary>The model.</summary>
    /// <param name="model">The part.</param>
    /// <param name="pre">How pieces are made; where words can be cut apart as well, that is added.</param>
    public static IPieceCounter Read(JsonPart model, PreTokenization pre)
    {
        // The first files had no type: they were all BPE.
        if (!model.Of("type").IsAbsent && model.Type != "BPE")
        {
            throw model.UnknownType("BPE");
        }

        foreach (var name in (string[])["dropout", "continuing_subword_prefix", "end_of_word_suffix"])
        {
            model.Of(name).MustBeUnset();
        }

        var symbols = ReadVocabulary(model.Of("vocab"));
        var merges = ReadMerges(model.Of("merges"), symbols);
        var takesWhole = model.Of("ignore_merges").Flag();
        if (pre.IsByteLevel)
        {
            return new ByteLevelPieces(symbols, merges, takesWhole);
        }

        if (!symbols.Keys.Any(Words.AreInOne))
        {
            pre.Splits.Add(Words.Split);
        }

        return ReadCharacters(model, symbols, merges, takesWhole);
    }

    private static CharacterPieces ReadCharacters(
        JsonPart model, Dictionary<string, int> symbols, MergeTable merges, bool takesWhole)
    {
        var fallsBack = model.Of("byte_fallback").Flag();
        if (takesWhole)
        {
            throw new TokenizerFormatException("model.ignore_merges without a ByteLevel pre_tokenizer is not supported");
        }

        if (fallsBack)
        {
            for (var value = 0; value < 256; value++)
            {
                if (!symbols.ContainsKey(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>")))
                {
                    throw new TokenizerFormatException($"model.byte_fallback without a token <0x{value:X2}> is not supported");
                }
            }
        }
        else if (model.Of("unk_token").IsAbsent || !model.Of("fuse_unk").Flag())
        {
            throw new TokenizerFormatException(
                "model.type \"BPE\" is supported with a ByteLevel pre_tokenizer, with byte_fallback, or with unk_token and fuse_unk");
        }

        return new CharacterPieces(new CharacterVocabulary(symbols, atoms: [], fallsBack), merges);
    }

    private static Dictionary<string, int> ReadVocabulary(JsonPart vocabulary)
    {
        vocabulary.Require(JsonValueKind.Object, "an object");
        var symbols = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in vocabulary.Value.EnumerateObject())
        {
            symbols[token.Name] = token.Value.ValueKind == JsonValueKind.Number && token.Value.TryGetInt32(out var id) && id >= 0
                ? id
                : throw new TokenizerFormatException($"{vocabulary.Path}.{token.Name} must be a number");
        }

        return symbols.Count > 0 ? symbols : throw new TokenizerFormatException($"{vocabulary.Path} is empty");
    }

    private static MergeTable ReadMerges(JsonPart merges, Dictionary<string, int> symbols)
    {
        merges.Require(JsonValueKind.Array, "a list");
        var table = new MergeTable(merges.Value.GetArrayLength());
        var rank = 0;
        foreach (var merge in merges.Value.EnumerateArray())
        {
            var (left, right) = PartsOf(merge) ?? throw new TokenizerFormatException(
                $"{merges.Path}[{rank}] must be \"left right\" or [\"left\", \"right\"]");
            if (!symbols.TryGetValue(left, out var first) || !symbols.TryGetValue(right, out var second) ||
                !symbols.TryGetValue(left + right, out var merged))
            {
                throw new TokenizerFormatException($"{merges.Path}[{rank}] is about tokens that are not in model.vocab");
            }

            table.Add(first, second, new Merge(rank++, merged));
        }

        return table;
    }

    /// <summary>Both forms: one text with a space, and a list of two (tokenizers 0.20), which may have spaces in them.</summary>
    private static (string Left, string Right)? PartsOf(JsonElement merge)
    {
        switch (merge.ValueKind)
        {
            case JsonValueKind.String when merge.GetString()!.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right]:
                return (left, right);
            case JsonValueKind.Array when merge.GetArrayLength() == 2 &&
                merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String:
                return (merge[0].GetString()!, merge[1].GetString()!);
            default:
                return null;
        }
    }
}
