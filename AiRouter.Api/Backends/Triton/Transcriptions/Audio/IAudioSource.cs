namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>Sound as a row of samples, one channel, read from its beginning to its end.</summary>
internal interface IAudioSource
{
    /// <summary>Samples in a second.</summary>
    int SampleRate { get; }

    /// <summary>What is wrong with the file, for its sender, once that has come out; the sound ends there.</summary>
    string? Problem { get; }

    /// <summary>The next samples, from -1 to 1; fewer than there is room for only at the end.</summary>
    int Read(Span<float> mono);
}
