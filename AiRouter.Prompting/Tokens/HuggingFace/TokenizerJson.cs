using System.Text.Json;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Tokens.Segments;

namespace AiRouter.Prompting.Tokens.HuggingFace;

/// <summary>
/// Reads a <c>tokenizer.json</c> as Hugging Face's tokenizers write it: the whole way of a text to its tokens. What is not
/// supported is refused by its path and name, so that no count is nearly right.
/// </summary>
internal static class TokenizerJson
{
    /// <summary>The tokenizer.</summary>
    /// <exception cref="TokenizerFormatException">The file cannot be read, or needs what is not supported.</exception>
    public static ITokenCounter Read(string name, ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        try
        {
            return Read(name, new JsonPart("", document.RootElement));
        }
        catch (InvalidOperationException exception)
        {
            // The documented answer of JsonElement to half a surrogate pair and to what is not UTF-8; kinds are asked for before.
            throw new TokenizerFormatException("it has a string that is not Unicode text", exception);
        }
    }

    private static SegmentCounter Read(string name, JsonPart root)
    {
        if (root.Of("model").IsAbsent)
        {
            throw new TokenizerFormatException("it has no \"model\": name the model's tokenizer.json");
        }

        var pre = PreTokenizerReader.Read(root.Of("pre_tokenizer"));
        var pieces = BpeModelReader.Read(root.Of("model"), pre);
        var (verbatim, normalized) = ReadAddedTokens(root.Of("added_tokens"));
        return new SegmentCounter
        {
            Name = name,
            Tokens = new AddedTokens(verbatim),
            Rules = NormalizerReader.Read(root.Of("normalizer")),
            NormalizedTokens = new AddedTokens(normalized),
            PieceRules = pre.Rules,
            Splits = pre.Splits,
            Pieces = pieces,
            SpecialTokens = PostProcessorReader.Count(root.Of("post_processor")),
        };
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException exception)
        {
            throw new TokenizerFormatException($"it is no valid JSON: {exception.Message}", exception);
        }
    }

    private static (List<AddedToken> Verbatim, List<AddedToken> Normalized) ReadAddedTokens(JsonPart tokens)
    {
        List<AddedToken> verbatim = [], normalized = [];
        foreach (var token in tokens.Items())
        {
            var content = token.Of("content").Text() ?? throw new TokenizerFormatException($"{token.Path}.content is missing");
            (token.Of("normalized").Flag() ? normalized : verbatim).Add(new AddedToken(content)
            {
                IsSingleWord = token.Of("single_word").Flag(),
                TakesSpaceBefore = token.Of("lstrip").Flag(),
                TakesSpaceBehind = token.Of("rstrip").Flag(),
            });
        }

        return (verbatim, normalized);
    }
}
