using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>
/// Reads members by name, with type and range checked; <c>null</c> is absent. The first problem stays in <see cref="Error"/>,
/// with the member's path. A member that was read is taken out, so that what is left over is known.
/// </summary>
internal sealed class MemberReader(Dictionary<string, JsonElement> members)
{
    /// <summary>The first problem, or null.</summary>
    public ApiError? Error { get; private set; }

    /// <summary>What nobody has read yet.</summary>
    public IReadOnlyDictionary<string, JsonElement> Rest => members;

    /// <summary>Takes a member out; null when absent or null.</summary>
    public JsonElement? Take(string name) =>
        members.Remove(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A string in an object; null when it is absent or something else.</summary>
    public static string? TextIn(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A number in a range.</summary>
    public double? Number(string name, double least, double most)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            FailType(name, "a number", value);
            return null;
        }

        var number = value.GetDouble();
        if (double.IsFinite(number) && number >= least && number <= most)
        {
            return number;
        }

        Fail(name, $"Invalid '{name}': expected a number from {Text(least)} to {Text(most)}.");
        return null;
    }

    /// <summary>An integer in a range.</summary>
    public int? Integer(string name, int least, int most = int.MaxValue) => (int?)Long(name, least, most);

    /// <summary>An integer in a range.</summary>
    public long? Long(string name, long least, long most)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            FailType(name, "an integer", value);
            return null;
        }

        if (value.TryGetInt64(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Fail(name, most is int.MaxValue or long.MaxValue
            ? $"Invalid '{name}': expected an integer of at least {least}."
            : $"Invalid '{name}': expected an integer from {least} to {most}.");
        return null;
    }

    /// <summary>A boolean.</summary>
    public bool? Flag(string name)
    {
        switch (Take(name))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.True }:
                return true;
            case { ValueKind: JsonValueKind.False }:
                return false;
            case { } other:
                FailType(name, "a boolean", other);
                return null;
        }
    }

    /// <summary>A string or a list of strings, none of them empty.</summary>
    public IReadOnlyList<string> Words(string name, int mostWords, int mostBytes)
    {
        if (Take(name) is not { } value)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return Word(name, value, mostBytes, out var word) ? [word] : [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            FailType(name, "a string or a list of strings", value);
            return [];
        }

        if (value.GetArrayLength() > mostWords)
        {
            Fail(name, $"Invalid '{name}': at most {mostWords} strings are taken.");
            return [];
        }

        var words = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            if (!Word($"{name}[{words.Count}]", item, mostBytes, out var word))
            {
                return [];
            }

            words.Add(word);
        }

        return words;
    }

    /// <summary>A list of token ids.</summary>
    public IReadOnlyList<int> TokenIds(string name)
    {
        if (Take(name) is not { } value)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            return TokenIds(name, value) ?? [];
        }

        FailType(name, "a list of token ids", value);
        return [];
    }

    /// <summary>The token ids of an array; null and an error when one is none.</summary>
    public IReadOnlyList<int>? TokenIds(string path, JsonElement array)
    {
        var tokens = new List<int>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var token) || token < 0)
            {
                Fail($"{path}[{tokens.Count}]", $"Invalid '{path}[{tokens.Count}]': expected a token id.");
                return null;
            }

            tokens.Add(token);
        }

        return tokens;
    }

    /// <summary>A string; null when absent or null.</summary>
    public string? TextOf(JsonElement? value, string path)
    {
        switch (value)
        {
            case null or { ValueKind: JsonValueKind.Null }:
                return null;
            case { ValueKind: JsonValueKind.String } text:
                return text.GetString();
            case { } other:
                FailType(path, "a string", other);
                return null;
        }
    }

    /// <summary>Something is wrong with a member; the first time counts.</summary>
    public void Fail(
        string path, string message, ErrorCause cause = ErrorCause.InvalidRequest, string? code = null) =>
        Error ??= new ApiError(cause, message, path) { Code = code };

    /// <summary>A member is of another type than expected.</summary>
    public void FailType(string path, string expected, JsonElement value) =>
        Fail(path, $"Invalid type for '{path}': expected {expected}, but got {KindOf(value)} instead.");

    private bool Word(string path, JsonElement value, int mostBytes, [NotNullWhen(true)] out string? word)
    {
        word = null;
        if (value.ValueKind != JsonValueKind.String)
        {
            FailType(path, "a string", value);
            return false;
        }

        word = value.GetString()!;
        if (word.Length == 0)
        {
            Fail(path, $"Invalid '{path}': it is empty.");
            return false;
        }

        if (Encoding.UTF8.GetByteCount(word) > mostBytes)
        {
            Fail(path, $"Invalid '{path}': at most {mostBytes} bytes are taken.");
            return false;
        }

        return true;
    }

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
