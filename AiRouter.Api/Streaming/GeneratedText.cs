using System.Text.Json;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration.Assets;

namespace AiRouter.Api.Streaming;

/// <summary>
/// The text that a backend generates, kept so that the model's tokenizer can count it where the backend does not (R28).
/// Reasoning and tool calls come without the tokens that mark them, so with them there is no exact count.
/// </summary>
internal sealed class GeneratedText : IDisposable
{
    // More than any answer; a backend that runs on must not take the memory.
    private const int MostBytes = 64 * 1024 * 1024;

    private readonly Dictionary<int, PooledBufferWriter> _texts = [];
    private bool _isInexact;

    /// <summary>Adds a chunk, or a whole answer.</summary>
    public void Add(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ChunkScan.MaxDepth });
        var choice = 0;
        while (!_isInexact && reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.CurrentDepth == 3 && JsonName.Is(ref reader, "index"u8))
            {
                reader.Read();
                choice = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) ? index : 0;
            }
            else if (JsonName.Is(ref reader, "logprobs"u8) || JsonName.Is(ref reader, "usage"u8))
            {
                reader.Skip();
            }
            else if (JsonName.Is(ref reader, "content"u8) || JsonName.Is(ref reader, "text"u8))
            {
                reader.Read();
                Add(choice, ref reader);
            }
            else if (IsMarked(ref reader))
            {
                reader.Read();
                _isInexact |= reader.TokenType is not (JsonTokenType.Null or JsonTokenType.String) || reader.ValueSpan.Length > 0;
                reader.Skip();
            }
        }
    }

    /// <summary>Its tokens; null when they cannot be counted exactly.</summary>
    public int? Count(ITokenCounter tokenizer)
    {
        var sum = 0;
        foreach (var text in _texts.Values)
        {
            if (_isInexact || tokenizer.TryCount(text.WrittenSpan, addSpecialTokens: false) is not { } count)
            {
                return null;
            }

            sum += count;
        }

        return _isInexact ? null : sum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var text in _texts.Values)
        {
            text.Dispose();
        }
    }

    private static bool IsMarked(ref Utf8JsonReader reader) =>
        JsonName.Is(ref reader, "tool_calls"u8) || JsonName.Is(ref reader, "function_call"u8) ||
        JsonName.Is(ref reader, "reasoning_content"u8) || JsonName.Is(ref reader, "reasoning"u8) ||
        JsonName.Is(ref reader, "audio"u8);

    private void Add(int choice, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            // Parts of another kind than text, or nothing.
            _isInexact |= reader.TokenType != JsonTokenType.Null;
            reader.Skip();
            return;
        }

        if (!_texts.TryGetValue(choice, out var text))
        {
            _texts.Add(choice, text = new PooledBufferWriter());
        }

        if (text.Length > MostBytes)
        {
            _isInexact = true;
            return;
        }

        try
        {
            text.Advance(reader.CopyString(text.GetSpan(reader.ValueSpan.Length)));
        }
        catch (InvalidOperationException)
        {
            // The documented answer to half a surrogate pair, which passes on as it came and is no text to count.
            _isInexact = true;
        }
    }
}
