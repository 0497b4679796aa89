using AiRouter.Api.Backends.Triton.Transcriptions.Audio;

namespace AiRouter.Tests.Backends.Triton.Transcriptions.Audio;

/// <summary>Sound that is there already.</summary>
internal sealed class Samples(float[] samples, int rate) : IAudioSource
{
    private int _at;

    public int SampleRate => rate;

    /// <summary>What is said to be wrong at the end.</summary>
    public string? Trouble { get; init; }

    public string? Problem => _at == samples.Length ? Trouble : null;

    public int Read(Span<float> mono)
    {
        var count = Math.Min(mono.Length, samples.Length - _at);
        samples.AsSpan(_at, count).CopyTo(mono);
        _at += count;
        return count;
    }
}
