using System.Text.Json;
using AiRouter.Api.Dialects.Messages;

namespace AiRouter.Api.Backends.Anthropic.Answers;

/// <summary>The figures of a message, as they come in two events of a stream: each one told last counts.</summary>
internal struct ChatUsage
{
    private long? _input;
    private long? _cacheCreation;
    private long? _cacheRead;
    private long? _output;
    private long? _thinking;

    /// <summary>Takes in the figures of a <c>usage</c>.</summary>
    public void Add(JsonElement usage)
    {
        _input = Count(usage, "input_tokens") ?? _input;
        _cacheCreation = Count(usage, "cache_creation_input_tokens") ?? _cacheCreation;
        _cacheRead = Count(usage, "cache_read_input_tokens") ?? _cacheRead;
        _output = Count(usage, "output_tokens") ?? _output;
        _thinking = Count(JsonElements.In(usage, "output_tokens_details", JsonValueKind.Object), "thinking_tokens") ?? _thinking;
    }

    /// <summary>Writes the <c>usage</c> of chat, in which the cache is part of the input; nothing where no figure has come.</summary>
    public readonly void Write(Utf8JsonWriter json)
    {
        if (_input is null && _output is null)
        {
            return;
        }

        var prompt = (_input ?? 0) + (_cacheCreation ?? 0) + (_cacheRead ?? 0);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", prompt);
        json.WriteNumber("completion_tokens", _output ?? 0);
        json.WriteNumber("total_tokens", prompt + (_output ?? 0));
        if (_cacheRead is { } cached)
        {
            json.WriteStartObject("prompt_tokens_details");
            json.WriteNumber("cached_tokens", cached);
            json.WriteEndObject();
        }

        if (_thinking is { } thinking)
        {
            json.WriteStartObject("completion_tokens_details");
            json.WriteNumber("reasoning_tokens", thinking);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Whether there is a figure.</summary>
    public readonly bool IsKnown => _input is not null || _output is not null;

    private static long? Count(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number &&
        value.TryGetInt64(out var count) && count is >= 0 and <= int.MaxValue ? count : null;
}
