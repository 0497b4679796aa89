using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Policies;

/// <summary>
/// Names a session to <see cref="StickyPolicy"/>: a hash of the client key and of what the request calls its session. The same in every
/// process; it is kept nowhere, so it needs no secret (R38).
/// </summary>
internal static class SessionHash
{
    // Stands between key and value, and in no UTF-8.
    private const byte Separator = 0xFF;

    /// <summary>Null: the request names no session.</summary>
    public static ulong? Of(Exchange exchange, StickyConfig config) => config.By switch
    {
        StickyBy.Header => OfHeader(exchange, config.Header!),
        StickyBy.PromptCacheKey => OfMember(exchange, "prompt_cache_key"u8),
        _ when exchange.Operation.Dialect == StreamDialect.Messages => OfUserId(exchange),
        _ => OfMember(exchange, "user"u8) ?? OfMember(exchange, "safety_identifier"u8),
    };

    /// <summary>What stands for a target (or any other name) in every process.</summary>
    public static ulong Of(string name) => Of("", Encoding.UTF8.GetBytes(name));

    private static ulong? OfHeader(Exchange exchange, string name) =>
        exchange.Http.Request.Headers[name].ToString() is { Length: > 0 } value
            ? Of(Scope(exchange), Encoding.UTF8.GetBytes(value))
            : null;

    private static ulong? OfMember(Exchange exchange, ReadOnlySpan<byte> name)
    {
        if (exchange.Body is not JsonBody body || body.Index.Find(name) is not { Type: JsonTokenType.String, ValueLength: > 2 } member)
        {
            return null;
        }

        var quoted = body.Index.ValueOf(member);
        if (!quoted.Contains((byte)'\\'))
        {
            return Of(Scope(exchange), quoted[1..^1]);
        }

        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return Of(Scope(exchange), Encoding.UTF8.GetBytes(reader.GetString()!));
    }

    /// <summary>Messages names its user in <c>metadata.user_id</c>.</summary>
    private static ulong? OfUserId(Exchange exchange)
    {
        if (exchange.Body is not JsonBody body || body.Index.Find("metadata"u8) is not { Type: JsonTokenType.StartObject } member)
        {
            return null;
        }

        var reader = new Utf8JsonReader(body.Index.ValueOf(member));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUser = reader.ValueTextEquals("user_id"u8);
            reader.Read();
            if (isUser && reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } user)
            {
                return Of(Scope(exchange), Encoding.UTF8.GetBytes(user));
            }

            reader.Skip();
        }

        return null;
    }

    // Two keys may well have a user "1" each. Without keys everybody is one.
    private static string Scope(Exchange exchange) => exchange.Client?.Id ?? "";

    private static ulong Of(string scope, ReadOnlySpan<byte> value)
    {
        var length = Encoding.UTF8.GetMaxByteCount(scope.Length) + 1 + value.Length;
        byte[]? rented = null;
        var text = length <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var written = Encoding.UTF8.GetBytes(scope, text);
            text[written++] = Separator;
            value.CopyTo(text[written..]);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(text[..(written + value.Length)], hash);
            return BinaryPrimitives.ReadUInt64LittleEndian(hash);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
