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

        var reader = new Utf8JsonReader(index.ValueOf(found));
        reader.Read();
        reader.Read();
        return reader.TokenType == JsonTokenType.Number ? 1 : CountItems(index.ValueOf(found));
    }

    private static int CountItems(ReadOnlySpan<byte> array)
    {
        var reader = new Utf8JsonReader(array);
        var count = 0;
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            count++;
            reader.Skip();
        }

        return Math.Max(1, count);
    }

    private void ReadTexts(ReadOnlySpan<byte> texts)
    {
        var reader = new Utf8JsonReader(texts, new JsonReaderOptions { MaxDepth = JsonIndex.MaxDepth });
        while (reader.Read())
        {
            Tokens += reader.TokenType switch
            {
                // And one before and one behind each text.
                JsonTokenType.String or JsonTokenType.PropertyName => reader.ValueSpan.Length + 2,
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
        var reader = new Utf8JsonReader(tools);
        while (reader.Read())
        {
            if (reader is { CurrentDepth: 2, TokenType: JsonTokenType.PropertyName } && JsonName.Is(ref reader, "type"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && !JsonName.Is(ref reader, "function"u8) && !JsonName.Is(ref reader, "custom"u8))
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
        var reader = new Utf8JsonReader(messages, new JsonReaderOptions { MaxDepth = JsonIndex.MaxDepth });
        var isContent = false;
        while (reader.Read())
        {
            switch (reader.TokenType, reader.CurrentDepth)
            {
                case (JsonTokenType.StartObject, 1):
                    (_hasId, _saysWhatItIs) = (false, false);
                    break;
                case (JsonTokenType.PropertyName, 2):
                    isContent = ReadMessageMember(ref reader);
                    break;
                case (JsonTokenType.PropertyName, 4) when isContent:
                    ReadPart(ref reader);
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
    private bool ReadMessageMember(ref Utf8JsonReader reader)
    {
        if (JsonName.Is(ref reader, "content"u8) || JsonName.Is(ref reader, "output"u8))
        {
            return true;
        }

        if (JsonName.Is(ref reader, "id"u8))
        {
            _hasId = true;
        }
        else if (JsonName.Is(ref reader, "role"u8))
        {
            _saysWhatItIs = true;
        }
        else if (JsonName.Is(ref reader, "type"u8) && reader.Read())
        {
            _saysWhatItIs |= reader.TokenType == JsonTokenType.String && !JsonName.Is(ref reader, "item_reference"u8);
        }
        else if (JsonName.Is(ref reader, "audio"u8) && reader.Read())
        {
            // What the model has said aloud before, by its id.
            Elsewhere ??= reader.TokenType == JsonTokenType.Null ? null : "audio";
            reader.Skip();
        }

        return false;
    }

    /// <summary>One member of a content part.</summary>
    private void ReadPart(ref Utf8JsonReader reader)
    {
        if (JsonName.Is(ref reader, "image_url"u8))
        {
            Embedded(ref reader, "url"u8, _figures.ImageTokens, mustBeUrl: true);
        }
        else if (JsonName.Is(ref reader, "audio_url"u8))
        {
            Embedded(ref reader, "url"u8, _figures.AudioTokens, mustBeUrl: true);
        }
        else if (JsonName.Is(ref reader, "input_audio"u8))
        {
            Embedded(ref reader, "data"u8, _figures.AudioTokens, mustBeUrl: false);
        }
        else
        {
            Elsewhere ??= ElsewhereIn(ref reader);
        }
    }

    private static string? ElsewhereIn(ref Utf8JsonReader reader) =>
        JsonName.Is(ref reader, "file"u8) ? "file"
        : JsonName.Is(ref reader, "file_id"u8) ? "file_id"
        : JsonName.Is(ref reader, "file_url"u8) ? "file_url"
        : JsonName.Is(ref reader, "file_data"u8) ? "file_data"
        : JsonName.Is(ref reader, "video_url"u8) ? "video_url"
        : JsonName.Is(ref reader, "video"u8) ? "video"
        : JsonName.Is(ref reader, "image"u8) ? "image"
        : null;

    /// <summary>An image or audio: its figure in the place of its bytes.</summary>
    private void Embedded(ref Utf8JsonReader reader, ReadOnlySpan<byte> inner, int figure, bool mustBeUrl)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            Take(ref reader, figure, mustBeUrl);
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isData = JsonName.Is(ref reader, inner);
            reader.Read();
            if (isData && reader.TokenType == JsonTokenType.String)
            {
                Take(ref reader, figure, mustBeUrl);
            }

            reader.Skip();
        }
    }

    private void Take(ref Utf8JsonReader reader, int figure, bool mustBeUrl)
    {
        Tokens += figure;
        if (!mustBeUrl || reader.ValueSpan.StartsWith("data:"u8))
        {
            Tokens -= reader.ValueSpan.Length;
        }
    }
}
