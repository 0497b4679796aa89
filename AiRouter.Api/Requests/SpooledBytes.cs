using System.Buffers;
using System.IO.Pipelines;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Requests;

/// <summary>An upload: in memory (out of the <see cref="BodyBudget"/>) up to 1 MiB, in a file above.</summary>
internal sealed class SpooledBytes(BodyBudget budget, SpoolFolder folder) : IDisposable
{
    /// <summary>What is kept in memory.</summary>
    public const int MemorySize = 1024 * 1024;

    private const int CopySize = 64 * 1024;

    private byte[] _memory = [];
    private FileStream? _file;

    /// <summary>How long it is.</summary>
    public long Length { get; private set; }

    /// <summary>It lies in a file.</summary>
    public bool IsInFile => _file is not null;

    /// <summary>Reads a body to its end. Null, or why it cannot be taken.</summary>
    public async ValueTask<ApiError?> ReadAsync(
        PipeReader reader, long? declaredLength, long maxLength, long maxBuffered, CancellationToken cancellationToken)
    {
        if (declaredLength > maxLength)
        {
            return TooLarge(maxLength);
        }

        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (Length + read.Buffer.Length > maxLength)
            {
                reader.AdvanceTo(read.Buffer.End);
                return TooLarge(maxLength);
            }

            var error = await AppendAsync(read.Buffer, maxBuffered, cancellationToken);
            reader.AdvanceTo(read.Buffer.End);
            if (error is not null)
            {
                return error;
            }

            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    /// <summary>Adds bytes. Null, or why there is no room for them.</summary>
    public async ValueTask<ApiError?> AppendAsync(
        ReadOnlySequence<byte> bytes, long maxBuffered, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var segment in bytes)
            {
                if (!await TryAppendAsync(segment, maxBuffered, cancellationToken))
                {
                    return PooledBytes.OutOfBuffers();
                }
            }

            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Nothing is read from anybody here: it is our disk.
            folder.LogUnwritable(failure);
            return new ApiError(ErrorCause.OutOfBuffers, "The router has no room for uploads. Try again later.");
        }
    }

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="offset"/> as far as there is something.</summary>
    public async ValueTask<int> ReadAtAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(buffer.Length, Length - offset);
        if (_file is null)
        {
            _memory.AsMemory((int)offset, wanted).CopyTo(buffer);
            return wanted;
        }

        var done = 0;
        while (done < wanted)
        {
            var read = await RandomAccess.ReadAsync(_file.SafeFileHandle, buffer[done..wanted], offset + done, cancellationToken);
            if (read == 0)
            {
                throw new IOException("The spool file is shorter than what was written to it.");
            }

            done += read;
        }

        return done;
    }

    /// <summary>The same for readers that cannot wait: of a file, this thread reads.</summary>
    public int ReadAt(long offset, Span<byte> buffer)
    {
        var wanted = (int)Math.Max(0, Math.Min(buffer.Length, Length - offset));
        if (_file is null)
        {
            _memory.AsSpan((int)Math.Min(offset, Length), wanted).CopyTo(buffer);
            return wanted;
        }

        return RandomAccess.Read(_file.SafeFileHandle, buffer[..wanted], offset);
    }

    /// <summary>Writes a range of it.</summary>
    public async Task CopyAsync(Stream target, long offset, long length, CancellationToken cancellationToken)
    {
        if (_file is null)
        {
            await target.WriteAsync(_memory.AsMemory((int)offset, (int)length), cancellationToken);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(CopySize);
        try
        {
            while (length > 0)
            {
                var read = await ReadAtAsync(offset, buffer.AsMemory(0, (int)Math.Min(CopySize, length)), cancellationToken);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                offset += read;
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        FreeMemory();
    }

    private async ValueTask<bool> TryAppendAsync(
        ReadOnlyMemory<byte> bytes, long maxBuffered, CancellationToken cancellationToken)
    {
        if (_file is null && Length + bytes.Length > MemorySize)
        {
            _file = folder.Open();
            await RandomAccess.WriteAsync(_file.SafeFileHandle, _memory.AsMemory(0, (int)Length), 0, cancellationToken);
            FreeMemory();
        }

        if (_file is not null)
        {
            await RandomAccess.WriteAsync(_file.SafeFileHandle, bytes, Length, cancellationToken);
        }
        else
        {
            if (!TryGrow((int)Length + bytes.Length, maxBuffered))
            {
                return false;
            }

            bytes.CopyTo(_memory.AsMemory((int)Length));
        }

        Length += bytes.Length;
        return true;
    }

    private bool TryGrow(int size, long maxBuffered)
    {
        if (size <= _memory.Length)
        {
            return true;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, _memory.Length * 2));
        if (!budget.TryTake(larger.Length, maxBuffered))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        _memory.AsSpan(0, (int)Length).CopyTo(larger);
        FreeMemory();
        _memory = larger;
        return true;
    }

    private void FreeMemory()
    {
        if (_memory.Length > 0)
        {
            budget.Return(_memory.Length);
            ArrayPool<byte>.Shared.Return(_memory);
            _memory = [];
        }
    }

    private static ApiError TooLarge(long maxLength) =>
        new(ErrorCause.BodyTooLarge, $"The upload is larger than {maxLength / (1024 * 1024)} MiB.");
}
