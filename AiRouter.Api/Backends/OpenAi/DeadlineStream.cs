using System.Runtime.CompilerServices;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>A backend's answer as it is read: each read has the idle deadline. The stream below belongs to the answer.</summary>
internal sealed class DeadlineStream(Stream inner, AttemptDeadline deadline) : ReadOnlyStream
{
    /// <inheritdoc/>
    /// <remarks>Its state comes from a pool: this is where a stream waits for each of its tokens.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        deadline.ArmIdle();
        return await inner.ReadAsync(buffer, deadline.Token);
    }
}
