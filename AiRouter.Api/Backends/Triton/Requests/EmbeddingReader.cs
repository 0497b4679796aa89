using System.Runtime.InteropServices;
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
                return ReadText(reader, text, null) is { } input ? [input] : [];
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() == 0:
                reader.Fail("input", "Invalid 'input': it is empty.");
                return [];
            case { ValueKind: JsonValueKind.Array } list when list[0].ValueKind == JsonValueKind.Number:
                return ReadTokens(reader, list, null) is { } tokens ? [tokens] : [];
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
            var input = item.ValueKind switch
            {
                JsonValueKind.String => ReadText(reader, item, inputs.Count),
                JsonValueKind.Array => ReadTokens(reader, item, inputs.Count),
                _ => null,
            };
            if (input is null)
            {
                reader.FailType(PathOf(inputs.Count), "a string or a list of token ids", item);
                return [];
            }

            inputs.Add(input);
        }

        return inputs;
    }

    private static EmbeddingInput? ReadText(MemberReader reader, JsonElement value, int? index)
    {
        // A text without escapes is what it stands for: one copy, not two and a string.
        var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        var text = raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(value.GetString()!) : raw.ToArray();
        if (text.Length == 0)
        {
            FailEmpty(reader, index);
            return null;
        }

        return EmbeddingInput.FromText(text);
    }

    private static EmbeddingInput? ReadTokens(MemberReader reader, JsonElement value, int? index)
    {
        if (value.GetArrayLength() == 0)
        {
            FailEmpty(reader, index);
            return null;
        }

        return reader.TokenIds(PathOf(index), value) is { } tokens ? EmbeddingInput.FromTokens(tokens) : null;
    }

    private static void FailEmpty(MemberReader reader, int? index) =>
        reader.Fail(PathOf(index), $"Invalid '{PathOf(index)}': it is empty.");

    private static string PathOf(int? index) => index is null ? "input" : $"input[{index}]";
}
