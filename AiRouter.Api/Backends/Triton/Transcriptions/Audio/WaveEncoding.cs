namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>How a WAV file writes a sample.</summary>
internal enum WaveEncoding
{
    /// <summary>From 0 to 255; 128 is silence.</summary>
    UInt8,

    /// <summary>Two bytes.</summary>
    Int16,

    /// <summary>Three bytes.</summary>
    Int24,

    /// <summary>Four bytes.</summary>
    Int32,

    /// <summary>A float.</summary>
    Float32,

    /// <summary>A double.</summary>
    Float64,

    /// <summary>A byte of G.711, as telephones have it in Europe.</summary>
    ALaw,

    /// <summary>A byte of G.711, as telephones have it in North America and Japan.</summary>
    MuLaw,
}
