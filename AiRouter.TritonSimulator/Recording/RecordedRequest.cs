namespace AiRouter.TritonSimulator.Recording;

/// <summary>One inference request as the simulator received it, and what became of it.</summary>
public sealed class RecordedRequest
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _tokens;
    private int _outcome;

    /// <summary>The name of the model asked for.</summary>
    public required string ModelName { get; init; }

    /// <summary>The version asked for; empty is the newest.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>The request's id; may be empty.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it came over ModelStreamInfer.</summary>
    public required bool IsStream { get; init; }

    /// <summary>Request parameters: bool, long, ulong, double or string.</summary>
    public required IReadOnlyDictionary<string, object> Parameters { get; init; }

    /// <summary>The input tensors in the order of the request.</summary>
    public required IReadOnlyList<RecordedInput> Inputs { get; init; }

    /// <summary>Names of the outputs asked for; empty means all.</summary>
    public required IReadOnlyList<string> RequestedOutputs { get; init; }

    /// <summary>The RPC's metadata (headers); binary values are left out.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The whole request message, serialized.</summary>
    public required ReadOnlyMemory<byte> Message { get; init; }

    /// <summary>The subject of the client's TLS certificate, if it showed one.</summary>
    public string? ClientCertificateSubject { get; init; }

    /// <summary>Tokens produced for it so far.</summary>
    public int Tokens => Volatile.Read(ref _tokens);

    /// <summary>How far it has come.</summary>
    public RequestOutcome Outcome => (RequestOutcome)Volatile.Read(ref _outcome);

    /// <summary>When the cancellation was noticed; null if it was not cancelled.</summary>
    public DateTimeOffset? CancelledAt { get; private set; }

    /// <summary>The text of the error sent, if any.</summary>
    public string? Error { get; private set; }

    /// <summary>Completes when <see cref="Outcome"/> is no longer Running.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The input tensor of that name, or null if it was not sent.</summary>
    public RecordedInput? Input(string name)
    {
        foreach (var input in Inputs)
        {
            if (input.Name == name)
            {
                return input;
            }
        }

        return null;
    }

    internal void TokenProduced()
    {
        Interlocked.Increment(ref _tokens);
    }

    internal void End(RequestOutcome outcome, string? error, DateTimeOffset? cancelledAt)
    {
        Error = error;
        CancelledAt = cancelledAt;
        Volatile.Write(ref _outcome, (int)outcome);
        _ended.TrySetResult();
    }
}
