using AiRouter.Api.Backends.OpenAi;

namespace AiRouter.Tests.Backends.OpenAi.Connections;

/// <summary>A body of so many bytes, sent in pieces.</summary>
internal sealed class Bytes(int length, int piece = 100_000) : ForwardedContent
{
    /// <inheritdoc/>
    public override string ContentType => "application/json";

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override bool TryCopyTo(Span<byte> destination)
    {
        destination.Fill((byte)'x');
        return true;
    }

    /// <inheritdoc/>
    protected override async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var bytes = new byte[piece];
        bytes.AsSpan().Fill((byte)'x');
        for (var left = length; left > 0; left -= piece)
        {
            await stream.WriteAsync(bytes.AsMemory(0, Math.Min(left, piece)), cancellationToken);
        }
    }
}
