using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Policies;

/// <summary>
/// Reads of a request what its prompt is made of, in the order in which chat templates render it: tools, then the messages. Requests
/// whose readings begin alike are rendered to prompts that begin alike, whatever the template, so nothing has to be rendered to choose a
/// target. What no template renders makes no difference: spaces, escapes, members that are null, marks for caches, and whether a text
/// stands alone or as a part.
/// </summary>
internal static class PromptReader
{
    // Longer strings with escapes in them are taken as they are spelled: they would be copied whole to be read.
    private const int LongestUnescaped = 1024 * 1024;

    // None of these bytes is in any UTF-8 text, so no text can look like another structure.
    private static ReadOnlySpan<byte> Name => [0xF8];

    private static ReadOnlySpan<byte> Text => [0xF9];

    private static ReadOnlySpan<byte> Other => [0xFA];

    private static ReadOnlySpan<byte> Close => [0xFB];

    /// <summary>Hashes the prompt of a request; nothing for an operation that has none.</summary>
    public static void Read(Exchange exchange, ref PrefixHash hash)
    {
        if (exchange.Body is not JsonBody body)
        {
            return;
        }

        switch (exchange.Operation.Name)
        {
            case Operations.Chat:
                ReadItems(body.Index, "tools"u8, ref hash);
                ReadItems(body.Index, "functions"u8, ref hash);

                // Anthropic's Messages have it beside the messages, and servers render it before them.
                ReadItems(body.Index, "system"u8, ref hash);
                ReadItems(body.Index, "messages"u8, ref hash);
                break;
            case Operations.Completions:
                ReadItems(body.Index, "prompt"u8, ref hash);
                break;
            case Operations.Responses:
                ReadItems(body.Index, "tools"u8, ref hash);
                ReadItems(body.Index, "instructions"u8, ref hash);
                ReadItems(body.Index, "input"u8, ref hash);
                break;
        }
    }

    /// <summary>A text, or an array: each of its items ends a piece.</summary>
    private static void ReadItems(JsonIndex index, ReadOnlySpan<byte> name, ref PrefixHash hash)
    {
        var member = index.Find(name);
        if (member.Type is not (JsonTokenType.StartArray or JsonTokenType.String))
        {
            return;
        }

        // The name is part of what follows: instructions are no input. Alone it would be a piece that all requests have.
        var reader = new Utf8JsonReader(index.ValueOf(member));
        reader.Read();
        if (member.Type == JsonTokenType.String)
        {
            hash.Append(name);
            AppendText(ref reader, ref hash);
            hash.End();
            return;
        }

        while (!hash.IsFull && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            hash.Append(name);
            ReadValue(ref reader, ref hash);
            hash.End();
        }
    }

    private static void ReadValue(ref Utf8JsonReader reader, ref PrefixHash hash)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadMembers(ref reader, ref hash);
                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    ReadValue(ref reader, ref hash);
                }

                hash.Append(Close);
                break;
            case JsonTokenType.String:
                AppendText(ref reader, ref hash);
                break;
            default:
                hash.Append(Other);
                hash.Append(reader.ValueSpan);
                break;
        }
    }

    private static void ReadMembers(ref Utf8JsonReader reader, ref PrefixHash hash)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null || name.SequenceEqual("cache_control"u8))
            {
                reader.Skip();
                continue;
            }

            hash.Append(Name);
            hash.Append(name);
            if (name.SequenceEqual("content"u8) && reader.TokenType == JsonTokenType.StartArray)
            {
                ReadParts(ref reader, ref hash);
            }
            else
            {
                ReadValue(ref reader, ref hash);
            }
        }

        hash.Append(Close);
    }

    /// <summary>Parts that are texts count as the text alone would.</summary>
    private static void ReadParts(ref Utf8JsonReader reader, ref PrefixHash hash)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var text = reader;
            if (reader.TokenType == JsonTokenType.StartObject && TryFindText(ref text))
            {
                AppendText(ref text, ref hash);
                reader.Skip();
            }
            else
            {
                ReadValue(ref reader, ref hash);
            }
        }
    }

    private static bool TryFindText(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = reader.ValueTextEquals("text"u8);
            reader.Read();
            if (isText && reader.TokenType == JsonTokenType.String)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static void AppendText(ref Utf8JsonReader reader, ref PrefixHash hash)
    {
        hash.Append(Text);
        if (!reader.ValueIsEscaped || reader.ValueSpan.Length > LongestUnescaped)
        {
            hash.Append(reader.ValueSpan);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            hash.Append(rented.AsSpan(0, reader.CopyString(rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
