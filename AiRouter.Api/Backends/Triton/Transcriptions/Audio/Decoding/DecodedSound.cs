using System.Buffers;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>
/// What has come out of a decoder: one channel at 16 kHz, 16 bits. Kept as an upload is, in memory up to 1 MiB and in a file above,
/// and counted, because a small file may have hours of sound in it.
/// </summary>
/// <param name="bytes">Where it is kept.</param>
/// <param name="room">What all decoded sound takes its room from.</param>
internal sealed class DecodedSound(SpooledBytes bytes, BodyBudget room) : IDisposable
{
    private const int BlockSize = 64 * 1024;

    private static readonly WaveFormat Format = new(WaveEncoding.Int16, 1, AudioWindows.SampleRate);

    private long _taken;

    /// <summary>Bytes of sound.</summary>
    public long Length => bytes.Length;

    /// <summary>More than is ever transcribed.</summary>
    public bool IsTooLong => bytes.Length > AudioWindows.MostHours * 3600L * AudioWindows.SampleRate * Format.FrameSize;

    /// <summary>Makes what <see cref="AudioWindows"/> reads.</summary>
    public IAudioSource Open() => new WaveSource(new UploadStream(bytes, 0, bytes.Length), Format, bytes.Length);

    /// <summary>Takes all that a decoder writes, up to where it is too long. Null, or why there is no room for it.</summary>
    /// <param name="output">What it writes.</param>
    /// <param name="mostDecoded">The limit of all decoded sound.</param>
    /// <param name="mostBuffered">The limit of what is in memory.</param>
    /// <param name="cancellationToken">Nobody wants it any more.</param>
    public async ValueTask<ApiError?> ReadAsync(Stream output, long mostDecoded, long mostBuffered, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            int read;
            while (!IsTooLong && (read = await output.ReadAsync(block, cancellationToken)) > 0)
            {
                if (!room.TryTake(read, mostDecoded))
                {
                    return new ApiError(
                        ErrorCause.OutOfBuffers, "The router holds as much decoded sound as it has room for. Try again in a moment.");
                }

                _taken += read;
                if (await bytes.AppendAsync(new ReadOnlySequence<byte>(block, 0, read), mostBuffered, cancellationToken) is { } error)
                {
                    return error;
                }
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        room.Return(_taken);
        _taken = 0;
        bytes.Dispose();
    }
}
