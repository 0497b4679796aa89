namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>The frames of a FLAC file, their channels mixed to one.</summary>
internal sealed class FlacSource : IAudioSource
{
    private readonly FlacBits _bits;
    private readonly FlacHeader _header;
    private readonly FlacFrame _frame;
    private int _at;
    private long _given;
    private bool _isOver;

    private FlacSource(FlacBits bits, FlacHeader header)
    {
        (_bits, _header) = (bits, header);
        _frame = new FlacFrame(bits, header);
    }

    /// <inheritdoc/>
    public int SampleRate => _header.SampleRate;

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    /// <summary>Opens a file from its beginning; null and what is wrong with it when it is none that we can play.</summary>
    public static FlacSource? Open(Stream file, out string? problem)
    {
        file.Position = 0;
        var bits = new FlacBits(file);
        return FlacHeader.Read(bits, out problem) is { } header ? new FlacSource(bits, header) : null;
    }

    /// <inheritdoc/>
    public int Read(Span<float> mono)
    {
        for (var i = 0; i < mono.Length; i++)
        {
            if (_at == _frame.Length && !TryReadFrame())
            {
                return i;
            }

            mono[i] = Mix(_at++);
            _given++;
        }

        return mono.Length;
    }

    private bool TryReadFrame()
    {
        _at = 0;
        if (!_isOver && _frame.TryRead())
        {
            return true;
        }

        // Behind the last frame there may be a tag. Where the header tells the length, what is missing of it is told.
        _isOver = true;
        _at = _frame.Length;
        var isWhole = _header.Samples > 0 ? _given >= _header.Samples : _bits.IsOver;
        Problem = isWhole ? null : $"its sound is broken after {_given / (double)SampleRate:0.0} s";
        return false;
    }

    private float Mix(int at)
    {
        var sum = 0d;
        foreach (var channel in _frame.Channels)
        {
            sum += channel[at];
        }

        // What is broken may be of any size.
        var level = sum / _frame.Channels.Count / (1L << (_frame.Bits - 1));
        return (float)Math.Clamp(level, -1, 1);
    }
}
