namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>The frames of a WAV file, their channels mixed to one.</summary>
internal sealed class WaveSource(Stream file, WaveFormat format, long length) : IAudioSource
{
    private readonly byte[] _frames = new byte[1024 * format.FrameSize];
    private long _rest = length;

    /// <inheritdoc/>
    public int SampleRate => format.SampleRate;

    /// <summary>None: what of a file cannot be read is not in it.</summary>
    public string? Problem => null;

    /// <inheritdoc/>
    public int Read(Span<float> mono)
    {
        var done = 0;
        while (done < mono.Length)
        {
            var wanted = (int)Math.Min(Math.Min(_frames.Length, _rest), (long)(mono.Length - done) * format.FrameSize);
            var read = file.ReadAtLeast(_frames.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
            _rest -= read;
            var frames = read / format.FrameSize;
            if (frames == 0)
            {
                // Part of a last frame is none.
                break;
            }

            for (var i = 0; i < frames; i++)
            {
                mono[done++] = Mix(_frames.AsSpan(i * format.FrameSize, format.FrameSize));
            }
        }

        return done;
    }

    private float Mix(ReadOnlySpan<byte> frame)
    {
        var sum = 0f;
        for (var at = 0; at < frame.Length; at += format.SampleSize)
        {
            sum += WaveSample.Read(format.Encoding, frame[at..]);
        }

        return sum / format.Channels;
    }
}
