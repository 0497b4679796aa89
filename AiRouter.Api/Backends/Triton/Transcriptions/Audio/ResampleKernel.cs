namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>
/// The weights with which samples of one rate make those of another: a sinc in a Kaiser window, once for each place that a new sample
/// can have between two old ones. What the new rate cannot carry is 80 dB down.
/// </summary>
internal sealed class ResampleKernel
{
    // 11,025 Hz to 16,000 needs so many; what needs more is taken for a rate that differs by less than 3 in a million.
    private const int MostPhases = 640;
    private const int ZeroCrossings = 32;

    // The middle of the slope, which ends where the new rate does.
    private const double Cutoff = 0.92;
    private const double Beta = 7.857;

    private readonly float[] _weights;

    /// <summary>Makes the weights.</summary>
    public ResampleKernel(int from, int to)
    {
        (Up, Down) = Ratio(from, to);
        var scale = Math.Min(1, (double)Up / Down);
        Half = (int)Math.Ceiling(ZeroCrossings / scale);
        _weights = new float[Up * Taps];
        for (var phase = 0; phase < Up; phase++)
        {
            Fill(_weights.AsSpan(phase * Taps, Taps), (double)phase / Up, scale * Cutoff);
        }
    }

    /// <summary>New samples for <see cref="Down"/> old ones, and the phases that there are.</summary>
    public int Up { get; }

    /// <summary>Old samples for <see cref="Up"/> new ones.</summary>
    public int Down { get; }

    /// <summary>Old samples on each side of a new one that it is made of.</summary>
    public int Half { get; }

    /// <summary>Old samples that a new one is made of.</summary>
    public int Taps => 2 * Half;

    /// <summary>The weights for new samples that are so many parts of <see cref="Up"/> behind an old one.</summary>
    public ReadOnlySpan<float> Phase(int phase) => _weights.AsSpan(phase * Taps, Taps);

    private void Fill(Span<float> weights, double fraction, double band)
    {
        var sum = 0d;
        Span<double> exact = new double[weights.Length];
        for (var i = 0; i < exact.Length; i++)
        {
            var distance = i - Half + 1 - fraction;
            var inWindow = distance / Half;
            exact[i] = Math.Abs(inWindow) >= 1 ? 0 : Sinc(band * distance) * Bessel(Beta * Math.Sqrt(1 - (inWindow * inWindow)));
            sum += exact[i];
        }

        // Whatever the phase, a constant stays what it is.
        for (var i = 0; i < exact.Length; i++)
        {
            weights[i] = (float)(exact[i] / sum);
        }
    }

    /// <summary>The nearest fraction with no more than <see cref="MostPhases"/> above, by continued fractions.</summary>
    private static (int Up, int Down) Ratio(int from, int to)
    {
        var (rest, divisor) = (to, from);
        var (up, down) = (1L, 0L);
        var (lastUp, lastDown) = (0L, 1L);
        while (divisor != 0)
        {
            var times = rest / divisor;
            (rest, divisor) = (divisor, rest % divisor);
            var (nextUp, nextDown) = ((times * up) + lastUp, (times * down) + lastDown);
            if (nextUp > MostPhases)
            {
                break;
            }

            (lastUp, lastDown, up, down) = (up, down, nextUp, nextDown);
        }

        return ((int)up, (int)down);
    }

    private static double Sinc(double x) => Math.Abs(x) < 1e-9 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    /// <summary>The modified Bessel function of order 0, by its series.</summary>
    private static double Bessel(double x)
    {
        var (sum, term) = (1d, 1d);
        for (var k = 1; term > 1e-12 * sum; k++)
        {
            term *= x * x / (4d * k * k);
            sum += term;
        }

        return sum;
    }
}
