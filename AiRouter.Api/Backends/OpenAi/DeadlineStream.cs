namespace AiRouter.Api.Backends.OpenAi;

/// <summary>A backend's answer as it is read: each read has the idle deadline. The stream below belongs to the answer.</summary>
internal sealed class DeadlineStream(Stream inner, AttemptDeadline deadline) : ReadOnlyStream
{
    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        deadline.ArmIdle();
        return inner.ReadAsync(buffer, deadline.Token);
    }
}
