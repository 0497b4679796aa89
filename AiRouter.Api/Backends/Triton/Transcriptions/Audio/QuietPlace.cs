using System.Numerics;
using System.Runtime.InteropServices;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>Finds where sound can be cut with the least harm: between words, if there is such a place.</summary>
internal static class QuietPlace
{
    private const int Step = AudioWindows.SampleRate / 50;

    // 100 ms: longer than the pauses inside of words.
    private const int Steps = 5;

    /// <summary>The middle of the quietest 100 ms; of several, the last.</summary>
    public static int In(ReadOnlySpan<float> samples)
    {
        Span<float> energies = stackalloc float[samples.Length / Step];
        for (var i = 0; i < energies.Length; i++)
        {
            energies[i] = Energy(samples.Slice(i * Step, Step));
        }

        var (best, place) = (float.PositiveInfinity, 0);
        for (var i = 0; i + Steps <= energies.Length; i++)
        {
            var energy = 0f;
            foreach (var part in energies.Slice(i, Steps))
            {
                energy += part;
            }

            if (energy <= best)
            {
                (best, place) = (energy, (i * Step) + (Steps * Step / 2));
            }
        }

        return place;
    }

    private static float Energy(ReadOnlySpan<float> samples)
    {
        var sums = Vector<float>.Zero;
        var blocks = MemoryMarshal.Cast<float, Vector<float>>(samples);
        foreach (var block in blocks)
        {
            sums += block * block;
        }

        var sum = Vector.Sum(sums);
        foreach (var sample in samples[(blocks.Length * Vector<float>.Count)..])
        {
            sum += sample * sample;
        }

        return sum;
    }
}
