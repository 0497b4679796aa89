using System.Text;
using System.Text.Json;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>What an embeddings request asks for.</summary>
/// <param name="Inputs">In order.</param>
/// <param name="AsBase64">The client wants base64, not numbers.</param>
/// <param name="Dimensions">The length of the vectors, when the client chooses it.</param>
internal sealed record EmbeddingOrder(IReadOnlyList<EmbeddingInput> Inputs, bool AsBase64, int? Dimensions);

/// <summary>Reads an embeddings request.</summary>
internal static class EmbeddingReader
{
    private const int MostInputs = 2048;

    /// <summary>The request; problems are in the reader.</summary>
    public static EmbeddingOrder Read(MemberReader reader, Translation translation)
    {
        var inputs = ReadInputs(reader);
        var dimensions = reader.Integer("dimensions", 1);
        var asBase64 = reader.Take("encoding_format") switch
        {
            null => false,
            { ValueKind: JsonValueKind.String } format when format.ValueEquals("float") => false,
            { ValueKind: JsonValueKind.String } format when format.ValueEquals("base64") => true,
            _ => Refuse(reader),
        };
        SamplingReader.ReadRest(reader, translation);
        return new EmbeddingOrder(inputs, asBase64, dimensions);
    }

    private static bool Refuse(MemberReader reader)
    {
        reader.Fail("encoding_format", "Invalid value for 'encoding_format': expected 'float' or 'base64'.");
        return false;
    }

    private static List<EmbeddingInput> ReadInputs(MemberReader reader)
    {
        switch (reader.Take("input"))
        {
            case null:
                reader.Fail("input", "Missing required parameter: 'input'.");
                return [];
            case { ValueKind: JsonValueKind.String } text:
                return ReadText(reader, text, "input") is { } input ? [input] : [];
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() == 0:
                reader.Fail("input", "Invalid 'input': it is empty.");
                return [];
            case { ValueKind: JsonValueKind.Array } list when list[0].ValueKind == JsonValueKind.Number:
                return ReadTokens(reader, list, "input") is { } tokens ? [tokens] : [];
            case { ValueKind: JsonValueKind.Array } list:
                return ReadList(reader, list);
            case { } other:
                reader.FailType("input", "a string or a list", other);
                return [];
        }
    }

    private static List<EmbeddingInput> ReadList(MemberReader reader, JsonElement list)
    {
        if (list.GetArrayLength() > MostInputs)
        {
            reader.Fail("input", $"Invalid 'input': at most {MostInputs} inputs are taken.");
            return [];
        }

        var inputs = new List<EmbeddingInput>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            var path = $"input[{inputs.Count}]";
            var input = item.ValueKind switch
            {
                JsonValueKind.String => ReadText(reader, item, path),
                JsonValueKind.Array => ReadTokens(reader, item, path),
                _ => null,
            };
            if (input is null)
            {
                reader.FailType(path, "a string or a list of token ids", item);
                return [];
            }

            inputs.Add(input);
        }

        return inputs;
    }

    private static EmbeddingInput? ReadText(MemberReader reader, JsonElement value, string path)
    {
        var text = value.GetString()!;
        if (text.Length == 0)
        {
            reader.Fail(path, $"Invalid '{path}': it is empty.");
            return null;
        }

        return EmbeddingInput.FromText(Encoding.UTF8.GetBytes(text));
    }

    private static EmbeddingInput? ReadTokens(MemberReader reader, JsonElement value, string path)
    {
        if (value.GetArrayLength() == 0)
        {
            reader.Fail(path, $"Invalid '{path}': it is empty.");
            return null;
        }

        return reader.TokenIds(path, value) is { } tokens ? EmbeddingInput.FromTokens(tokens) : null;
    }
}
