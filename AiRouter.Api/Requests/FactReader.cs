using System.Text;
using System.Text.Json;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Requests;

/// <summary>Reads single members with their type checked; the first problem stays in <see cref="Error"/>.</summary>
internal ref struct FactReader(JsonIndex index)
{
    /// <summary>The first problem, or null.</summary>
    public ApiError? Error { get; private set; }

    /// <summary>A string, or null when absent.</summary>
    public string? Text(ReadOnlySpan<byte> name)
    {
        var member = index.Find(name);
        if (member.IsNull)
        {
            return null;
        }

        if (member.Type != JsonTokenType.String)
        {
            Fail(name, "a string");
            return null;
        }

        var reader = new Utf8JsonReader(index.ValueOf(member));
        reader.Read();
        return reader.GetString();
    }

    /// <summary>A boolean, or null when absent.</summary>
    public bool? Flag(ReadOnlySpan<byte> name)
    {
        var member = index.Find(name);
        switch (member.Type)
        {
            case JsonTokenType.None or JsonTokenType.Null:
                return null;
            case JsonTokenType.True or JsonTokenType.False:
                return member.Type == JsonTokenType.True;
            default:
                Fail(name, "a boolean");
                return null;
        }
    }

    /// <summary>An integer of at least 1, or null when absent.</summary>
    public int? Count(ReadOnlySpan<byte> name)
    {
        var member = index.Find(name);
        if (member.IsNull)
        {
            return null;
        }

        if (member.Type == JsonTokenType.Number)
        {
            var reader = new Utf8JsonReader(index.ValueOf(member));
            reader.Read();
            if (reader.TryGetInt32(out var value) && value >= 1)
            {
                return value;
            }
        }

        Fail(name, "an integer of at least 1");
        return null;
    }

    /// <summary><c>stream_options.include_usage</c>; twice the same member in there is refused too (R43).</summary>
    public bool IncludeUsage()
    {
        var member = index.Find("stream_options"u8);
        if (member.IsNull)
        {
            return false;
        }

        if (member.Type != JsonTokenType.StartObject)
        {
            Fail("stream_options"u8, "an object");
            return false;
        }

        var reader = new Utf8JsonReader(index.ValueOf(member));
        bool? include = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var ours = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            if (ours && (include is not null ||
                reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)))
            {
                Fail("stream_options.include_usage"u8, "one boolean");
                return false;
            }

            if (ours)
            {
                include = reader.TokenType == JsonTokenType.True;
            }

            reader.Skip();
        }

        return include ?? false;
    }

    private void Fail(ReadOnlySpan<byte> name, string expected)
    {
        var text = Encoding.UTF8.GetString(name);
        Error ??= new ApiError(ErrorCause.InvalidRequest, $"Invalid type for '{text}': expected {expected}.", text);
    }
}
