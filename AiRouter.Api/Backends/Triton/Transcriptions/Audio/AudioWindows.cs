using System.Buffers;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>
/// Cuts sound into the pieces that Whisper hears, of 30 s at most: where there is more, at the quietest place of the last 5 s. Only
/// the piece that is being cut is in memory.
/// </summary>
internal sealed class AudioWindows(IAudioSource source)
{
    /// <summary>What Whisper was trained on.</summary>
    public const int SampleRate = 16_000;

    /// <summary>The longest window.</summary>
    public const int Most = 30 * SampleRate;

    /// <summary>The longest sound, in hours.</summary>
    public const int MostHours = 4;

    private const int Least = SampleRate / 10;
    private const int Search = 5 * SampleRate;

    private readonly IAudioSource _source = ResampledSource.At(source, SampleRate);

    // One more than a window, to see whether it is the last.
    private readonly float[] _ahead = new float[Most + 1];
    private int _count;
    private bool _isOver;

    /// <summary>Samples given so far.</summary>
    public long Given { get; private set; }

    /// <summary>What is wrong with the sound, for its sender; there are no more windows then.</summary>
    public string? Problem { get; private set; }

    /// <summary>The next window; null: there is none.</summary>
    public AudioWindow? Next()
    {
        if (_isOver)
        {
            return null;
        }

        _count += _source.Read(_ahead.AsSpan(_count));
        _isOver = _count <= Most;
        var length = _isOver ? _count : Most - Search + QuietPlace.In(_ahead.AsSpan(Most - Search, Search));
        Problem = _source.Problem
            ?? (Given + length < Least ? "it is shorter than 0.1 s" : null)
            ?? (Given + length > MostHours * 3600L * SampleRate ? $"it is longer than {MostHours} hours" : null);
        if (Problem is not null || (Given > 0 && length < Least))
        {
            // A sliver at the end is nothing that can be heard, and Whisper makes something up for silence.
            _isOver = true;
            return null;
        }

        var array = ArrayPool<float>.Shared.Rent(length);
        _ahead.AsSpan(0, length).CopyTo(array);
        _ahead.AsSpan(length.._count).CopyTo(_ahead);
        _count -= length;
        var window = new AudioWindow(array, length, Given);
        Given += length;
        return window;
    }
}
