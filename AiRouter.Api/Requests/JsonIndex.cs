using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Requests;

/// <summary>
/// The top-level members of a JSON object by offset, found in one pass that also proves the whole body well-formed: valid
/// UTF-8, no lone surrogate, depth at most 64, no top-level name twice (R43; also when spelled with escapes). Nothing is
/// deserialized, so what is forwarded stays byte for byte what the client sent.
/// </summary>
internal sealed class JsonIndex : IDisposable
{
    /// <summary>More top-level members than any API has; it bounds the search for duplicates.</summary>
    public const int MaxMembers = 256;

    /// <summary>The deepest nesting taken.</summary>
    public const int MaxDepth = 64;

    private readonly JsonMember[] _members;
    private int _count;

    private JsonIndex(ReadOnlyMemory<byte> json)
    {
        Json = json;
        _members = ArrayPool<JsonMember>.Shared.Rent(MaxMembers);
    }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The members, in the order of the body.</summary>
    public ReadOnlySpan<JsonMember> Members => _members.AsSpan(0, _count);

    /// <summary>Where a member can be put in: just behind the opening brace.</summary>
    public int InsertAt { get; private set; }

    /// <summary>Whether a name, at any depth, is spelled with escapes: then it may be any name.</summary>
    public bool HasEscapedName { get; private set; }

    /// <summary>Reads a body; on failure <paramref name="error"/> says what is wrong.</summary>
    public static JsonIndex? Read(ReadOnlyMemory<byte> json, out ApiError? error)
    {
        var index = new JsonIndex(json);
        error = index.Scan();
        if (error is null)
        {
            return index;
        }

        index.Dispose();
        return null;
    }

    /// <summary>The member called <paramref name="name"/>, or one whose type is <see cref="JsonTokenType.None"/>.</summary>
    public JsonMember Find(ReadOnlySpan<byte> name)
    {
        foreach (var member in Members)
        {
            if (NameEquals(member, name))
            {
                return member;
            }
        }

        return default;
    }

    /// <summary>The bytes of a member's value.</summary>
    public ReadOnlySpan<byte> ValueOf(JsonMember member) => Json.Span.Slice(member.ValueStart, member.ValueLength);

    /// <summary>Whether a member has this name, however it is spelled.</summary>
    public bool NameEquals(JsonMember member, ReadOnlySpan<byte> name)
    {
        var raw = Json.Span.Slice(member.NameStart + 1, member.NameLength - 2);
        return raw.Contains((byte)'\\')
            ? UnescapedEquals(Json.Span.Slice(member.NameStart, member.NameLength), name)
            : raw.SequenceEqual(name);
    }

    /// <inheritdoc cref="NameEquals(JsonMember, ReadOnlySpan{byte})"/>
    public bool NameEquals(JsonMember member, string name)
    {
        var raw = Json.Span.Slice(member.NameStart + 1, member.NameLength - 2);
        return Ascii.Equals(raw, name) ||
            (!Ascii.IsValid(raw) || raw.Contains((byte)'\\')) && NameEquals(member, Encoding.UTF8.GetBytes(name));
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<JsonMember>.Shared.Return(_members);

    private static bool UnescapedEquals(ReadOnlySpan<byte> quoted, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(quoted);
        return reader.Read() && reader.ValueTextEquals(name);
    }

    private ApiError? Scan()
    {
        var span = Json.Span;
        var cursor = new JsonCursor(span);
        ApiError? error = null;
        if (cursor.Read() && cursor.TokenType == JsonTokenType.StartObject)
        {
            InsertAt = cursor.Consumed;
            while (error is null && cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
            {
                error = ReadMember(ref cursor);
            }

            HasEscapedName = cursor.HasEscapedName;

            // Behind the object nothing may follow.
            if (error is null && !cursor.Read() && !cursor.IsBroken && !cursor.HasLoneSurrogate && Utf8.IsValid(span))
            {
                return null;
            }
        }

        // What is no text is told first: its other faults follow from that.
        return (Utf8Text.FindProblem(span) is { } problem ? BadJson(problem) : error) ?? FindFault(span);
    }

    /// <summary>Says where a text that the cursor has refused is no JSON.</summary>
    private static ApiError FindFault(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (reader.Read() && reader.TokenType != JsonTokenType.StartObject)
            {
                return BadJson("it is not an object");
            }

            while (reader.Read())
            {
            }

            return BadJson("it is not one JSON object");
        }
        catch (JsonException exception)
        {
            return BadJson($"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}");
        }
    }

    private ApiError? ReadMember(ref JsonCursor cursor)
    {
        var nameStart = cursor.TokenStart;
        var name = Json.Span.Slice(nameStart, cursor.Value.Length + 2);
        foreach (var earlier in Members)
        {
            if (cursor.Is(DecodedName(earlier)))
            {
                var twice = JsonText.Unquote(name);
                return new ApiError(ErrorCause.InvalidRequest, $"The member '{twice}' is there twice.", twice);
            }
        }

        if (_count == MaxMembers)
        {
            return BadJson($"it has more than {MaxMembers} members");
        }

        if (!cursor.Read())
        {
            return null;
        }

        var type = cursor.TokenType;
        var valueStart = cursor.TokenStart;
        cursor.Skip();
        _members[_count++] = new JsonMember(nameStart, name.Length, valueStart, cursor.Consumed - valueStart, type);
        return null;
    }

    /// <summary>The name's UTF-8; allocates only for names spelled with escapes, which no client writes.</summary>
    private ReadOnlySpan<byte> DecodedName(JsonMember member)
    {
        var quoted = Json.Span.Slice(member.NameStart, member.NameLength);
        var raw = quoted[1..^1];

        // Half a surrogate pair is no text, and the body will be refused for it.
        return raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(JsonText.Unquote(quoted) ?? "") : raw;
    }

    private static ApiError BadJson(string what) =>
        new(ErrorCause.InvalidRequest, $"We could not parse the JSON body of your request: {what}.");
}
