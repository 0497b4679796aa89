using System.Text.Json;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Requests;

/// <summary>
/// The most tokens that the input of a request can have, where nobody counts them (R32): one for each byte of its text, because
/// no token is shorter, and fixed figures for images and audio. What lies elsewhere than in the request cannot be bounded.
/// </summary>
internal sealed class InputBound
{
    // What a chat template writes of its own accord (a system message, the date, how to call tools), all messages together.
    // What it writes around a message is less than the JSON around it.
    private const int TemplateTokens = 256;

    private readonly GlobalLimitsConfig _figures;
    private bool _hasId;
    private bool _saysWhatItIs;

    private InputBound(GlobalLimitsConfig figures) => _figures = figures;

    /// <summary>The bound.</summary>
    public long Tokens { get; private set; }

    /// <summary>A member that brings in text from elsewhere; null: everything is in the request.</summary>
    public string? Elsewhere { get; private set; }

    /// <summary>Of chat and responses: the whole body, embedded images and audio by their figures.</summary>
    public static InputBound OfConversation(JsonIndex index, GlobalLimitsConfig figures)
    {
        var bound = new InputBound(figures) { Tokens = index.Json.Length + (long)TemplateTokens };
        foreach (var member in index.Members)
        {
            if (member.IsNull)
            {
                continue;
            }

            if (index.NameEquals(member, "messages"u8) || index.NameEquals(member, "input"u8))
            {
                bound.ReadMessages(index.ValueOf(member));
            }
            else if (index.NameEquals(member, "tools"u8))
            {
                bound.ReadTools(index.ValueOf(member));
            }
            else
            {
                bound.Elsewhere ??= ElsewhereIn(index, member);
            }
        }

        return bound;
    }

    /// <summary>
    /// Of prompts and inputs that are texts, token ids, or lists of either; with what stands beside them (<c>suffix</c>), which each
    /// prompt may be read with.
    /// </summary>
    public static InputBound OfTexts(JsonIndex index, ReadOnlySpan<byte> member, GlobalLimitsConfig figures)
    {
        var bound = new InputBound(figures);
        var beside = 0L;
        foreach (var other in index.Members)
        {
            if (index.NameEquals(other, member))
            {
                bound.ReadTexts(index.ValueOf(other));
            }
            else if (other.Type is JsonTokenType.String or JsonTokenType.StartArray or JsonTokenType.StartObject &&
                !index.NameEquals(other, "model"u8))
            {
                beside += other.ValueLength;
            }
        }

        bound.Tokens += beside * CountTexts(index, member);
        return bound;
    }

    /// <summary>Of a request that is read once for each of its documents.</summary>
    public static InputBound OfPairs(JsonIndex index, GlobalLimitsConfig figures)
    {
        var most = 1;
        var texts = 0L;
        foreach (var member in index.Members)
        {
            texts += member.ValueLength;
            most = Math.Max(most, member.Type == JsonTokenType.StartArray ? CountItems(index.ValueOf(member)) : 1);
        }

        // A text that stands alone is read again with each of the others.
        var alone = index.Members.ToArray().Where(m => m.Type == JsonTokenType.String).Sum(m => (long)m.ValueLength);
        return new InputBound(figures) { Tokens = texts + (alone * most) };
    }

    /// <summary>How many prompts or inputs there are: a list of texts, or of lists of token ids.</summary>
    public static int CountTexts(JsonIndex index, ReadOnlySpan<byte> member)
    {
        var found = index.Find(member);
        if (found.Type != JsonTokenType.StartArray)
        {
            return 1;
        }

        var cursor = new JsonCursor(index.ValueOf(found));
        cursor.Read();
        cursor.Read();
        return cursor.TokenType == JsonTokenType.Number ? 1 : CountItems(index.ValueOf(found));
    }

    private static int CountItems(ReadOnlySpan<byte> array)
    {
        var cursor = new JsonCursor(array);
        var count = 0;
        cursor.Read();
        while (cursor.Read() && cursor.TokenType != JsonTokenType.EndArray)
        {
            count++;
            cursor.Skip();
        }

        return Math.Max(1, count);
    }

    private void ReadTexts(ReadOnlySpan<byte> texts)
    {
        var cursor = new JsonCursor(texts);
        while (cursor.Read())
        {
            Tokens += cursor.TokenType switch
            {
                // And one before and one behind each text.
                JsonTokenType.String or JsonTokenType.PropertyName => cursor.Value.Length + 2,
                JsonTokenType.Number => 1,
                _ => 0,
            };
        }
    }

    private static string? ElsewhereIn(JsonIndex index, JsonMember member) =>
        index.NameEquals(member, "previous_response_id"u8) ? "previous_response_id"
        : index.NameEquals(member, "conversation"u8) ? "conversation"
        : index.NameEquals(member, "web_search_options"u8) ? "web_search_options"

        // A template of the client's own writes what it likes, as often as it likes.
        : index.NameEquals(member, "chat_template"u8) ? "chat_template"

        // A prompt that is kept at the backend, where that is no text.
        : member.Type == JsonTokenType.StartObject && index.NameEquals(member, "prompt"u8) ? "prompt"
        : null;

    /// <summary>Functions are in the request; whatever else a backend runs itself brings in what it finds.</summary>
    private void ReadTools(ReadOnlySpan<byte> tools)
    {
        var cursor = new JsonCursor(tools);
        while (cursor.Read())
        {
            if (cursor is { Depth: 2, TokenType: JsonTokenType.PropertyName } && cursor.Is("type"u8))
            {
                cursor.Read();
                if (cursor.TokenType == JsonTokenType.String && !cursor.Is("function"u8) && !cursor.Is("custom"u8))
                {
                    Elsewhere ??= "tools";
                }
            }
        }
    }

    /// <summary>
    /// Finds what is no text. Only in the places where a backend takes it for an image: elsewhere the same words are text.
    /// </summary>
    private void ReadMessages(ReadOnlySpan<byte> messages)
    {
        var cursor = new JsonCursor(messages);
        var isContent = false;
        while (cursor.Read())
        {
            switch (cursor.TokenType, cursor.Depth)
            {
                case (JsonTokenType.StartObject, 1):
                    (_hasId, _saysWhatItIs) = (false, false);
                    break;
                case (JsonTokenType.PropertyName, 2):
                    isContent = ReadMessageMember(ref cursor);
                    break;
                case (JsonTokenType.PropertyName, 4) when isContent:
                    ReadPart(ref cursor);
                    break;
                case (JsonTokenType.EndObject, 1) when _hasId && !_saysWhatItIs:
                    // An id alone stands for an item that is kept at the backend.
                    Elsewhere ??= "input";
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>One member of a message or item; whether it holds content.</summary>
    private bool ReadMessageMember(ref JsonCursor cursor)
    {
        if (cursor.Is("content"u8) || cursor.Is("output"u8))
        {
            return true;
        }

        if (cursor.Is("id"u8))
        {
            _hasId = true;
        }
        else if (cursor.Is("role"u8))
        {
            _saysWhatItIs = true;
        }
        else if (cursor.Is("type"u8) && cursor.Read())
        {
            _saysWhatItIs |= cursor.TokenType == JsonTokenType.String && !cursor.Is("item_reference"u8);
        }
        else if (cursor.Is("audio"u8) && cursor.Read())
        {
            // What the model has said aloud before, by its id.
            Elsewhere ??= cursor.TokenType == JsonTokenType.Null ? null : "audio";
            cursor.Skip();
        }

        return false;
    }

    /// <summary>One member of a content part.</summary>
    private void ReadPart(ref JsonCursor cursor)
    {
        if (cursor.Is("image_url"u8))
        {
            Embedded(ref cursor, "url"u8, _figures.ImageTokens, mustBeUrl: true);
        }
        else if (cursor.Is("audio_url"u8))
        {
            Embedded(ref cursor, "url"u8, _figures.AudioTokens, mustBeUrl: true);
        }
        else if (cursor.Is("input_audio"u8))
        {
            Embedded(ref cursor, "data"u8, _figures.AudioTokens, mustBeUrl: false);
        }
        else
        {
            Elsewhere ??= ElsewhereIn(ref cursor);
        }
    }

    private static string? ElsewhereIn(ref JsonCursor cursor) =>
        cursor.Is("file"u8) ? "file"
        : cursor.Is("file_id"u8) ? "file_id"
        : cursor.Is("file_url"u8) ? "file_url"
        : cursor.Is("file_data"u8) ? "file_data"
        : cursor.Is("video_url"u8) ? "video_url"
        : cursor.Is("video"u8) ? "video"
        : cursor.Is("image"u8) ? "image"
        : null;

    /// <summary>An image or audio: its figure in the place of its bytes.</summary>
    private void Embedded(ref JsonCursor cursor, ReadOnlySpan<byte> inner, int figure, bool mustBeUrl)
    {
        cursor.Read();
        if (cursor.TokenType == JsonTokenType.String)
        {
            Take(ref cursor, figure, mustBeUrl);
            return;
        }

        if (cursor.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            var isData = cursor.Is(inner);
            cursor.Read();
            if (isData && cursor.TokenType == JsonTokenType.String)
            {
                Take(ref cursor, figure, mustBeUrl);
            }

            cursor.Skip();
        }
    }

    private void Take(ref JsonCursor cursor, int figure, bool mustBeUrl)
    {
        Tokens += figure;
        if (!mustBeUrl || cursor.Value.StartsWith("data:"u8))
        {
            Tokens -= cursor.Value.Length;
        }
    }
}
