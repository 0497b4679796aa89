using System.Text.Json;

namespace AiRouter.Prompting.Tokens.HuggingFace;

/// <summary>A value of a <c>tokenizer.json</c> with its path, so that what is wrong is told by its place.</summary>
/// <param name="Path">Such as <c>pre_tokenizer.pretokenizers[1]</c>.</param>
/// <param name="Value">The value; undefined: it is not there.</param>
internal readonly record struct JsonPart(string Path, JsonElement Value)
{
    /// <summary>Whether it is not there, or null.</summary>
    public bool IsAbsent => Value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>Its <c>type</c>.</summary>
    public string Type => Of("type").Text() ?? throw new TokenizerFormatException($"{Path}.type is missing");

    /// <summary>A member.</summary>
    public JsonPart Of(string name)
    {
        var path = Path.Length == 0 ? name : $"{Path}.{name}";
        return Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty(name, out var value)
            ? new JsonPart(path, value)
            : new JsonPart(path, default);
    }

    /// <summary>The items of a list; none when it is absent.</summary>
    public IEnumerable<JsonPart> Items()
    {
        if (IsAbsent)
        {
            yield break;
        }

        Require(JsonValueKind.Array, "a list");
        var index = 0;
        foreach (var item in Value.EnumerateArray())
        {
            yield return new JsonPart($"{Path}[{index++}]", item);
        }
    }

    /// <summary>A string; null when absent.</summary>
    public string? Text()
    {
        if (IsAbsent)
        {
            return null;
        }

        Require(JsonValueKind.String, "a string");
        return Value.GetString();
    }

    /// <summary>A boolean.</summary>
    public bool Flag(bool absent = false)
    {
        if (IsAbsent)
        {
            return absent;
        }

        return Value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? Value.GetBoolean()
            : throw new TokenizerFormatException($"{Path} must be true or false");
    }

    /// <summary>Refuses a value that is there and is not one of those that do nothing.</summary>
    public void MustBeUnset()
    {
        if (!IsAbsent && Value.ToString() is not ("" or "0" or "0.0"))
        {
            throw new TokenizerFormatException($"{Path} {Value.GetRawText()} is not supported");
        }
    }

    /// <summary>Says that its <c>type</c> is none of those that are supported.</summary>
    public TokenizerFormatException UnknownType(string supported) =>
        new($"{Path}.type \"{Type}\" is not supported; supported: {supported}");

    /// <summary>Refuses a value of another kind.</summary>
    public void Require(JsonValueKind kind, string what)
    {
        if (Value.ValueKind != kind)
        {
            throw new TokenizerFormatException(IsAbsent ? $"{Path} is missing" : $"{Path} must be {what}");
        }
    }
}
