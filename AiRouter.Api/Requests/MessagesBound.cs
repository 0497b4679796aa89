using System.Text.Json;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Requests;

/// <summary>
/// The most tokens that the input of a Messages request can have, as <see cref="InputBound"/> has it of chat: one for each byte, a fixed
/// figure for each image. Documents that are no text, and what the server's own tools find, cannot be bounded.
/// </summary>
internal ref struct MessagesBound
{
    // What a server writes of its own accord, above all how to use tools: Anthropic names up to 530 tokens for it.
    private const int ServerTokens = 1024;

    // What it writes about one of its own tools that clients run: 735 for the longest, that of the screen.
    private const int ToolTokens = 1024;

    private readonly GlobalLimitsConfig _figures;
    private long _tokens;
    private string? _elsewhere;

    // What images of the turn that is read are less, or more, than their bytes.
    private long _images;

    private MessagesBound(GlobalLimitsConfig figures) => _figures = figures;

    /// <summary>The bound of a request.</summary>
    public static (long Tokens, string? Elsewhere) Of(JsonIndex index, GlobalLimitsConfig figures)
    {
        var bound = new MessagesBound(figures) { _tokens = index.Json.Length + (long)ServerTokens };
        foreach (var member in index.Members)
        {
            if (member.IsNull)
            {
                continue;
            }

            var cursor = new JsonCursor(index.ValueOf(member));
            cursor.Read();
            if (index.NameEquals(member, "messages"u8))
            {
                bound.ReadTurns(ref cursor);
            }
            else if (index.NameEquals(member, "tools"u8))
            {
                bound.ReadTools(ref cursor);
            }
            else if (index.NameEquals(member, "mcp_servers"u8))
            {
                bound._elsewhere ??= "mcp_servers";
            }
            else if (index.NameEquals(member, "container"u8))
            {
                bound._elsewhere ??= "container";
            }
            else if (index.NameEquals(member, "context_management"u8) && index.ValueOf(member).IndexOf("compact"u8) >= 0)
            {
                // The conversation is read once more, to be told in short.
                bound._elsewhere ??= "context_management";
            }
        }

        return (bound._tokens, bound._elsewhere);
    }

    /// <summary>
    /// The client's own tools are in the request, and those of Anthropic's that clients run are known. Whatever else there is, the server
    /// runs, and the model reads the results.
    /// </summary>
    private void ReadTools(ref JsonCursor cursor)
    {
        while (cursor.Read())
        {
            if (cursor is not { Depth: 2, TokenType: JsonTokenType.PropertyName } || !cursor.Is("type"u8))
            {
                continue;
            }

            cursor.Read();
            if (cursor.TokenType != JsonTokenType.String || cursor.Is("custom"u8))
            {
                continue;
            }

            _tokens += ToolTokens;
            if (!IsRunByClient(cursor.Value))
            {
                _elsewhere ??= "tools";
            }
        }
    }

    private static bool IsRunByClient(ReadOnlySpan<byte> type) =>
        type.StartsWith("bash_"u8) || type.StartsWith("text_editor_"u8) || type.StartsWith("computer_"u8) || type.StartsWith("memory_"u8);

    private void ReadTurns(ref JsonCursor cursor)
    {
        if (cursor.TokenType != JsonTokenType.StartArray)
        {
            return;
        }

        while (cursor.Read() && cursor.TokenType == JsonTokenType.StartObject)
        {
            ReadTurn(ref cursor);
        }
    }

    /// <summary>Only users show images: in a turn of somebody else's, servers may take one for text.</summary>
    private void ReadTurn(ref JsonCursor cursor)
    {
        var (hasRole, isUsers) = (false, true);
        _images = 0;
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            if (cursor.Is("content"u8))
            {
                cursor.Read();
                ReadBlocks(ref cursor);
                continue;
            }

            var isRole = cursor.Is("role"u8);
            cursor.Read();
            hasRole |= isRole;
            isUsers &= !isRole || cursor.Is("user"u8);
            cursor.Skip();
        }

        _tokens += hasRole && isUsers ? _images : Math.Max(0, _images);
    }

    /// <summary>Blocks, wherever they stand. Only where a server looks for an image it is one: elsewhere the same words are text.</summary>
    private void ReadBlocks(ref JsonCursor cursor)
    {
        if (cursor.TokenType == JsonTokenType.StartObject)
        {
            ReadBlock(ref cursor);
            return;
        }

        if (cursor.TokenType != JsonTokenType.StartArray)
        {
            cursor.Skip();
            return;
        }

        while (cursor.Read() && cursor.TokenType != JsonTokenType.EndArray)
        {
            if (cursor.TokenType == JsonTokenType.StartObject)
            {
                ReadBlock(ref cursor);
            }
            else
            {
                cursor.Skip();
            }
        }
    }

    /// <summary>What it is may stand behind its source, so it is judged at its end.</summary>
    private void ReadBlock(ref JsonCursor cursor)
    {
        var (hasType, isImage) = (false, true);
        Source? source = null;
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            if (cursor.Is("content"u8))
            {
                cursor.Read();
                ReadBlocks(ref cursor);
            }
            else if (cursor.Is("source"u8))
            {
                cursor.Read();
                source = ReadSource(ref cursor) ?? source;
            }
            else if (cursor.Is("file_id"u8))
            {
                _elsewhere ??= "file_id";
                cursor.Skip();
            }
            else
            {
                var isType = cursor.Is("type"u8);
                cursor.Read();
                hasType |= isType;
                isImage &= !isType || cursor.Is("image"u8);
                cursor.Skip();
            }
        }

        Judge(hasType && isImage, source);
    }

    private void Judge(bool isImage, Source? found)
    {
        if (found is not { } source)
        {
            return;
        }

        if (isImage)
        {
            _images += _figures.ImageTokens - source.ImageBytes;
        }
        else if (!source.IsText)
        {
            _elsewhere ??= source.Elsewhere ?? "document";
        }
    }

    /// <summary>The source of an image or a document; null: it is none.</summary>
    private Source? ReadSource(ref JsonCursor cursor)
    {
        if (cursor.TokenType != JsonTokenType.StartObject)
        {
            cursor.Skip();
            return null;
        }

        var source = new Source();
        var data = 0L;
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            if (cursor.Is("content"u8))
            {
                cursor.Read();
                source.HasText = true;
                ReadBlocks(ref cursor);
                continue;
            }

            var isMediaType = cursor.Is("media_type"u8);
            var isData = cursor.Is("data"u8);
            source.Elsewhere = cursor.Is("url"u8) ? "url" : cursor.Is("file_id"u8) ? "file_id" : source.Elsewhere;
            cursor.Read();
            if (cursor.TokenType == JsonTokenType.String)
            {
                source.HasImage |= isMediaType && cursor.Value.StartsWith("image/"u8);
                source.HasText |= isMediaType && cursor.Value.StartsWith("text/"u8);
                source.HasOther |= isMediaType && !cursor.Value.StartsWith("image/"u8) && !cursor.Value.StartsWith("text/"u8);
                data = isData ? cursor.Value.Length : data;
            }

            cursor.Skip();
        }

        source.ImageBytes = source is { HasImage: true, HasText: false, HasOther: false } ? data : 0;
        return source;
    }

    /// <summary>Where the bytes of a block come from.</summary>
    private struct Source
    {
        public bool HasText { get; set; }

        public bool HasImage { get; set; }

        public bool HasOther { get; set; }

        public string? Elsewhere { get; set; }

        public long ImageBytes { get; set; }

        public readonly bool IsText => HasText && !HasImage && !HasOther && Elsewhere is null;
    }
}
