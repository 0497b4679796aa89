using System.Text.Json;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>
/// The figures of a message as Anthropic's servers tell them, in two events of a stream: each one told last counts. What the cache held
/// and what went into it is no part of the input there.
/// </summary>
internal struct MessageFigures
{
    private long? _input;
    private long? _cacheCreation;

    /// <summary>Input tokens from the cache; null: not told.</summary>
    public long? CacheRead { get; private set; }

    /// <summary>Output tokens; null: not told.</summary>
    public long? Output { get; private set; }

    /// <summary>Those of them that were thinking; null: not told.</summary>
    public long? Thinking { get; private set; }

    /// <summary>All input tokens, the cache included.</summary>
    public readonly long Input => (_input ?? 0) + (_cacheCreation ?? 0) + (CacheRead ?? 0);

    /// <summary>Whether there is a figure.</summary>
    public readonly bool IsKnown => _input is not null || Output is not null;

    /// <summary>As the router meters them.</summary>
    public readonly TokenUsage Usage => IsKnown
        ? new TokenUsage(Whole(Input), Whole(CacheRead ?? 0), Whole(Output ?? 0), IsEstimated: false)
        {
            Reasoning = Thinking is { } thinking ? Whole(thinking) : null,
        }
        : default;

    /// <summary>Takes in the figures of a <c>usage</c>.</summary>
    public void Add(JsonElement usage)
    {
        _input = Count(usage, "input_tokens") ?? _input;
        _cacheCreation = Count(usage, "cache_creation_input_tokens") ?? _cacheCreation;
        CacheRead = Count(usage, "cache_read_input_tokens") ?? CacheRead;
        Output = Count(usage, "output_tokens") ?? Output;
        Thinking = Count(JsonElements.In(usage, "output_tokens_details", JsonValueKind.Object), "thinking_tokens") ?? Thinking;
    }

    /// <summary>The same for a <c>usage</c> that has not been parsed. One that is odd tells nothing.</summary>
    public void Add(ReadOnlySpan<byte> usage)
    {
        var reader = new Utf8JsonReader(usage);
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            Add(document.RootElement);
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            // An estimate takes its place.
        }
    }

    private static int Whole(long count) => (int)Math.Min(count, int.MaxValue);

    /// <summary>A count; some servers write <c>12.0</c>.</summary>
    private static long? Count(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number &&
        value.TryGetDouble(out var count) && count is >= 0 and <= int.MaxValue ? (long)count : null;
}
