using System.Buffers;
using System.IO.Pipelines;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Requests;

/// <summary>Bytes of a request body in one rented array, counted in the <see cref="BodyBudget"/>.</summary>
internal sealed class PooledBytes(BodyBudget budget) : IDisposable
{
    private const int FirstSize = 16 * 1024;

    private byte[] _array = [];
    private int _length;
    private bool _disposed;

    /// <summary>What has been read.</summary>
    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, _length);

    /// <summary>Reads a body to its end.</summary>
    /// <param name="reader">The request's body.</param>
    /// <param name="declaredLength">Content-Length, if the client sent it.</param>
    /// <param name="maxLength">The largest body taken.</param>
    /// <param name="maxBuffered">The limit of the budget.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    /// <returns>Null, or why it cannot be taken.</returns>
    public async ValueTask<ApiError?> ReadAsync(
        PipeReader reader, long? declaredLength, long maxLength, long maxBuffered, CancellationToken cancellationToken)
    {
        if (declaredLength > maxLength)
        {
            return TooLarge(maxLength);
        }

        if (!TryGrow((int)(declaredLength ?? FirstSize), maxBuffered))
        {
            return OutOfBuffers();
        }

        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (_length + read.Buffer.Length > maxLength)
            {
                reader.AdvanceTo(read.Buffer.End);
                return TooLarge(maxLength);
            }

            foreach (var segment in read.Buffer)
            {
                if (_length + segment.Length > _array.Length &&
                    !TryGrow(Math.Max(_length + segment.Length, (int)Math.Min(_array.Length * 2L, maxLength)), maxBuffered))
                {
                    reader.AdvanceTo(read.Buffer.End);
                    return OutOfBuffers();
                }

                segment.Span.CopyTo(_array.AsSpan(_length));
                _length += segment.Length;
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            budget.Return(_array.Length);
            if (_array.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_array);
            }
        }
    }

    private bool TryGrow(int size, long maxBuffered)
    {
        if (size <= _array.Length)
        {
            return true;
        }

        var larger = ArrayPool<byte>.Shared.Rent(size);
        if (!budget.TryTake(larger.Length, maxBuffered))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        _array.AsSpan(0, _length).CopyTo(larger);
        budget.Return(_array.Length);
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
        return true;
    }

    private static ApiError TooLarge(long maxLength) =>
        new(ErrorCause.BodyTooLarge, $"The request body is larger than {maxLength / (1024 * 1024)} MiB.");

    private static ApiError OutOfBuffers() =>
        new(ErrorCause.OutOfBuffers, "The router holds as many request bodies as it has memory for. Try again in a moment.");
}
