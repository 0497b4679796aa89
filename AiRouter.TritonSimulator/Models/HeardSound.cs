using System.Globalization;
using System.Runtime.InteropServices;

namespace AiRouter.TritonSimulator.Models;

/// <summary>What can be said of sound without understanding it.</summary>
/// <param name="Samples">How many samples are sound.</param>
/// <param name="Given">How many came, silence behind them included.</param>
/// <param name="Rms">The level: 0 is silence, 0.707 a full sine.</param>
/// <param name="Frequency">How often a second the sound goes from below zero to above it: of a tone, its frequency.</param>
internal sealed record HeardSound(int Samples, int Given, double Rms, double Frequency)
{
    /// <summary>What Whisper hears at once: 30 s.</summary>
    public const int Most = 30 * Rate;

    private const int Rate = 16_000;

    /// <summary>Measures the first <paramref name="length"/> samples.</summary>
    public static HeardSound Of(ReadOnlySpan<byte> raw, int length)
    {
        var given = MemoryMarshal.Cast<byte, float>(raw);
        var samples = given[..Math.Clamp(length, 0, given.Length)];
        var (sum, periods, first, last) = (0d, -1, 0, 0);
        for (var i = 0; i < samples.Length; i++)
        {
            sum += (double)samples[i] * samples[i];
            if (i > 0 && samples[i - 1] < 0 && samples[i] >= 0)
            {
                first = periods++ < 0 ? i : first;
                last = i;
            }
        }

        var frequency = periods > 0 ? periods * (double)Rate / (last - first) : 0;
        return new HeardSound(length, given.Length, Math.Sqrt(sum / Math.Max(1, samples.Length)), frequency);
    }

    /// <summary>A transcript that nobody takes for one. Marks of tokens are left out, as the real model does.</summary>
    public string Describe(string prefix, string prompt)
    {
        var tokens = prefix.Replace("<|", "", StringComparison.Ordinal).Replace("|>", " ", StringComparison.Ordinal).Trim();
        var after = prompt.Length == 0 ? "" : $" after \"{prompt}\"";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Simulated transcript of {Samples / (double)Rate:0.000} s (of {Given} samples), level {Rms:0.000}, {Frequency:0} Hz, " +
            $"as {tokens}{after}.");
    }
}
