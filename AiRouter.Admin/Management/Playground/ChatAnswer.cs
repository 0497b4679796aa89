using System.Text.Json.Nodes;

namespace AiRouter.Admin.Management.Playground;

/// <summary>
/// One answer, as far as it has come: written by whoever reads it from the router, read by the page meanwhile. Times are of Admin's
/// clock, from sending the request on.
/// </summary>
public sealed class ChatAnswer(TimeProvider time)
{
    // More than any page shows well, and any model says.
    private const int MostText = 4 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private readonly List<PartialCall> _calls = [];
    private int _version;
    private TimeSpan? _ended;

    /// <summary>Grows with each change: a page that has shown this one has nothing to do.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>The answer's text.</summary>
    public GrowingText Text { get; } = new();

    /// <summary>The model's thoughts, where it tells them.</summary>
    public GrowingText Reasoning { get; } = new();

    /// <summary>Status and headers, once they are there.</summary>
    public AnswerHead? Head { get; private set; }

    /// <summary>Why it ended, as the model said.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>What it cost in tokens.</summary>
    public AnswerUsage? Usage { get; private set; }

    /// <summary>Why there is no whole answer; null: there is, or it is still coming.</summary>
    public AnswerError? Error { get; private set; }

    /// <summary>Whether whoever asked has stopped it.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether nothing more comes.</summary>
    public bool IsOver { get; private set; }

    /// <summary>To the first token; null: none has come yet.</summary>
    public TimeSpan? FirstToken { get; private set; }

    /// <summary>To the end, or until now.</summary>
    public TimeSpan Elapsed => _ended ?? time.GetElapsedTime(_started);

    /// <summary>Answer tokens a second from the first one on; null: not known.</summary>
    public double? TokensPerSecond => Usage is { Output: > 1 } usage && _ended is { } end && (end - (FirstToken ?? TimeSpan.Zero)).TotalSeconds is > 0.001 and var s
        ? usage.Output / s
        : null;

    /// <summary>The tools that the model calls, as far as they have come.</summary>
    public IReadOnlyList<ToolCall> ToolCalls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls.Select(static c => new ToolCall(c.Id, c.Name, c.Arguments.ToString()))];
            }
        }
    }

    /// <summary>The router has answered.</summary>
    internal void Begin(AnswerHead head)
    {
        Head = head;
        Changed();
    }

    /// <summary>A message of a whole answer, or what a chunk adds to it.</summary>
    internal void Add(JsonObject message)
    {
        var text = Text.Length;
        Append(Text, message["content"]);
        Append(Text, message["refusal"]);
        Append(Reasoning, message["reasoning_content"] ?? message["reasoning"]);
        var calls = message["tool_calls"] as JsonArray;
        for (var i = 0; i < calls?.Count; i++)
        {
            AddCall(calls[i] as JsonObject, i);
        }

        if (Text.Length > text || Reasoning.Length > 0 || calls is { Count: > 0 })
        {
            FirstToken ??= time.GetElapsedTime(_started);
        }

        Changed();
    }

    /// <summary>Why the model ended.</summary>
    internal void Finish(string reason)
    {
        FinishReason = reason;
        Changed();
    }

    /// <summary>What the router says of its tokens.</summary>
    internal void Count(AnswerUsage usage)
    {
        Usage = usage;
        Changed();
    }

    /// <summary>It has failed.</summary>
    internal void Fail(AnswerError error)
    {
        Error ??= error;
        Changed();
    }

    /// <summary>Whoever asked wants no more.</summary>
    internal void Stop()
    {
        IsStopped = true;
        Changed();
    }

    /// <summary>Nothing more comes.</summary>
    internal void End()
    {
        _ended = time.GetElapsedTime(_started);
        IsOver = true;
        Changed();
    }

    private static void Append(GrowingText to, JsonNode? text)
    {
        if (text is JsonValue value && value.TryGetValue<string>(out var more) && more.Length > 0 && to.Length < MostText)
        {
            to.Append(more);
        }
    }

    // Chunks name a call by its index; the rest of it comes in pieces.
    private void AddCall(JsonObject? json, int place)
    {
        var index = json?["index"] is JsonValue value && value.TryGetValue<int>(out var given) ? given : place;
        if (json is null || index is < 0 or > 128)
        {
            return;
        }

        lock (_gate)
        {
            while (_calls.Count <= index)
            {
                _calls.Add(new PartialCall());
            }

            var call = _calls[index];
            call.Id = Text(json["id"]) ?? call.Id;
            var function = json["function"] as JsonObject;
            call.Name += Text(function?["name"]) ?? "";
            if (call.Arguments.Length < MostText)
            {
                call.Arguments.Append(Text(function?["arguments"]) ?? "");
            }
        }

        static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }

    private void Changed() => Interlocked.Increment(ref _version);

    private sealed class PartialCall
    {
        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public GrowingText Arguments { get; } = new();
    }
}
