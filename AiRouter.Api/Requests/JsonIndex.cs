using System.Buffers;
using System.Text;
using System.Text.Json;
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
        if (Utf8Text.FindProblem(span) is { } problem)
        {
            return BadJson(problem);
        }

        var reader = new Utf8JsonReader(span, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return BadJson("it is not an object");
            }

            InsertAt = (int)reader.BytesConsumed;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (ReadMember(ref reader) is { } error)
                {
                    return error;
                }
            }

            // Whatever follows the object is an error too: Read() throws on it.
            reader.Read();
            return null;
        }
        catch (JsonException exception)
        {
            return BadJson($"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}");
        }
    }

    private ApiError? ReadMember(ref Utf8JsonReader reader)
    {
        var nameStart = (int)reader.TokenStartIndex;
        var nameLength = reader.ValueSpan.Length + 2;
        foreach (var earlier in Members)
        {
            if (reader.ValueTextEquals(DecodedName(earlier)))
            {
                return new ApiError(
                    ErrorCause.InvalidRequest, $"The member '{reader.GetString()}' is there twice.", reader.GetString());
            }
        }

        if (_count == MaxMembers)
        {
            return BadJson($"it has more than {MaxMembers} members");
        }

        reader.Read();
        var type = reader.TokenType;
        var valueStart = (int)reader.TokenStartIndex;
        reader.Skip();
        _members[_count++] = new JsonMember(nameStart, nameLength, valueStart, (int)reader.BytesConsumed - valueStart, type);
        return null;
    }

    /// <summary>The name's UTF-8; allocates only for names spelled with escapes, which no client writes.</summary>
    private ReadOnlySpan<byte> DecodedName(JsonMember member)
    {
        var raw = Json.Span.Slice(member.NameStart + 1, member.NameLength - 2);
        if (!raw.Contains((byte)'\\'))
        {
            return raw;
        }

        var reader = new Utf8JsonReader(Json.Span.Slice(member.NameStart, member.NameLength));
        reader.Read();
        return Encoding.UTF8.GetBytes(reader.GetString()!);
    }

    private static ApiError BadJson(string what) =>
        new(ErrorCause.InvalidRequest, $"We could not parse the JSON body of your request: {what}.");
}
