using System.Buffers;
using System.IO.Pipelines;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Requests;

/// <summary>
/// Bytes of a request body in one rented array, counted in the <see cref="BodyBudget"/>. The array grows with what arrives:
/// who only announces a large body holds no more than 1 MiB of the budget.
/// </summary>
internal sealed class PooledBytes(BodyBudget budget) : IDisposable
{
    private const int FirstSize = 16 * 1024;
    private const int MostOnTrust = 1024 * 1024;

    private byte[] _array = [];
    private int _length;
    private long _taken;
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

        if (!TryGrow((int)Math.Min(declaredLength ?? FirstSize, MostOnTrust), maxBuffered))
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
                    !TryGrow(Math.Max(_length + segment.Length, NextSize(declaredLength, maxLength)), maxBuffered))
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

    /// <summary>Reads a backend's answer to its end, each piece from the connection to where it stays.</summary>
    /// <param name="body">The answer's body.</param>
    /// <param name="declaredLength">How long it is, if the backend has said so.</param>
    /// <param name="maxLength">The largest body taken.</param>
    /// <param name="maxBuffered">The limit of the budget.</param>
    /// <param name="cancellationToken">For a body that has no deadline of its own.</param>
    /// <returns>Null, or why it cannot be taken.</returns>
    public async ValueTask<ApiError?> ReadAsync(
        Stream body, long? declaredLength, long maxLength, long maxBuffered, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_length == _array.Length && !TryGrow(MoreThanRead(declaredLength, maxLength), maxBuffered))
            {
                return OutOfBuffers();
            }

            var read = await body.ReadAsync(_array.AsMemory(_length), cancellationToken);
            if (read == 0)
            {
                return null;
            }

            _length += read;
            if (_length > maxLength)
            {
                return TooLarge(maxLength);
            }
        }
    }

    /// <summary>Takes a piece more.</summary>
    /// <returns>Null, or why it cannot be taken.</returns>
    public ApiError? Append(ReadOnlySpan<byte> piece, long maxLength, long maxBuffered)
    {
        if (_length + piece.Length > maxLength)
        {
            return TooLarge(maxLength);
        }

        if (_length + piece.Length > _array.Length &&
            !TryGrow(Math.Max(_length + piece.Length, NextSize(null, maxLength)), maxBuffered))
        {
            return OutOfBuffers();
        }

        piece.CopyTo(_array.AsSpan(_length));
        _length += piece.Length;
        return null;
    }

    /// <summary>Takes bytes that are there already.</summary>
    /// <returns>Null, or why they cannot be taken.</returns>
    public ApiError? Copy(ReadOnlySpan<byte> bytes, long maxBuffered)
    {
        if (!TryGrow(bytes.Length, maxBuffered))
        {
            return OutOfBuffers();
        }

        bytes.CopyTo(_array);
        _length = bytes.Length;
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            budget.Return(_taken);
            if (_array.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_array);
            }
        }
    }

    private int NextSize(long? declaredLength, long maxLength) =>
        (int)(declaredLength ?? Math.Min(_array.Length * 2L, maxLength));

    // One byte more than the answer is long, so that its end shows without another array.
    private int MoreThanRead(long? declaredLength, long maxLength) => (int)Math.Max(
        _length + 1L,
        _length == 0 ? Math.Min(declaredLength + 1 ?? FirstSize, MostOnTrust)
        : declaredLength >= _length ? declaredLength.Value + 1
        : Math.Min(_length * 2L, maxLength + 1));

    private bool TryGrow(int size, long maxBuffered)
    {
        if (size <= _array.Length)
        {
            return true;
        }

        // What is counted is the size asked for: the pool rounds it up, at most to twice, and counting that would refuse for
        // ever a body that fits the limits.
        if (!budget.TryTake(size - _taken, maxBuffered))
        {
            return false;
        }

        _taken = size;
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _array.AsSpan(0, _length).CopyTo(larger);
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
        return true;
    }

    private static ApiError TooLarge(long maxLength) =>
        new(ErrorCause.BodyTooLarge, $"The request body is larger than {maxLength / (1024 * 1024)} MiB.");

    /// <summary>The error for a body that there is no room for (R31).</summary>
    internal static ApiError OutOfBuffers() =>
        new(ErrorCause.OutOfBuffers, "The router holds as many request bodies as it has memory for. Try again in a moment.");
}
