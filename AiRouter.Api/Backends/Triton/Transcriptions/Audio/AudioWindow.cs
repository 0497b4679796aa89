using System.Buffers;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>A piece of sound that a model hears in one go. Dispose it when that is over: its memory is used again.</summary>
/// <param name="array">Has the samples at its beginning; from the shared pool.</param>
/// <param name="length">How many.</param>
/// <param name="first">How many come before it.</param>
internal sealed class AudioWindow(float[] array, int length, long first) : IDisposable
{
    /// <summary>The samples.</summary>
    public ReadOnlyMemory<float> Samples => array.AsMemory(0, length);

    /// <summary>Where it begins, in seconds.</summary>
    public double Start => (double)first / AudioWindows.SampleRate;

    /// <summary>Where it ends, in seconds.</summary>
    public double End => (double)(first + length) / AudioWindows.SampleRate;

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<float>.Shared.Return(array);
}
