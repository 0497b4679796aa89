using AiRouter.Api.Backends.Triton.Transcriptions.Audio;
using static AiRouter.Tests.Backends.Triton.Transcriptions.Audio.Waves;

namespace AiRouter.Tests.Backends.Triton.Transcriptions.Audio;

public sealed class ResampledSourceTests
{
    private const int Rate = 16_000;

    [Theory]
    [InlineData(8_000, 440)]
    [InlineData(8_000, 3_000)]
    [InlineData(11_025, 440)]
    [InlineData(22_050, 440)]
    [InlineData(44_100, 440)]
    [InlineData(44_100, 6_000)]
    [InlineData(44_101, 440)]
    [InlineData(48_000, 440)]
    [InlineData(48_000, 6_000)]
    [InlineData(96_000, 1_000)]
    [InlineData(384_000, 1_000)]
    [InlineData(1_000, 200)]
    public void Tone_keeps_its_frequency_and_level(int from, int hertz)
    {
        var samples = Resample(Sine(hertz, 1, from), from);

        Assert.InRange(samples.Length, Rate - 1, Rate + 1);
        var middle = samples.AsSpan(2_000, 12_000);
        Assert.InRange(LevelAt(hertz, middle), 0.498, 0.502);

        // And nothing else is there: what is left when the tone is taken away is 60 dB below it.
        var energy = Energy(middle);
        Assert.InRange(Math.Sqrt(2 * energy), 0.498, 0.502);
    }

    [Theory]
    [InlineData(44_100, 9_000)]
    [InlineData(44_100, 15_000)]
    [InlineData(44_100, 20_000)]
    [InlineData(48_000, 8_600)]
    [InlineData(48_000, 23_000)]
    [InlineData(96_000, 30_000)]
    [InlineData(192_000, 90_000)]
    public void Tone_above_what_the_new_rate_carries_is_60_dB_down(int from, int hertz)
    {
        var samples = Resample(Sine(hertz, 1, from), from);

        Assert.True(Math.Sqrt(2 * Energy(samples.AsSpan(2_000, 12_000))) < 0.5 / 1000);
    }

    [Fact]
    public void Image_of_a_tone_at_a_lower_rate_is_60_dB_down()
    {
        var samples = Resample(Sine(3_000, 1, 8_000), 8_000);

        Assert.True(LevelAt(5_000, samples.AsSpan(2_000, 12_000)) < 0.5 / 1000);
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(44_100)]
    [InlineData(48_000)]
    public void Constant_stays_what_it_is(int from)
    {
        var samples = Resample([.. Enumerable.Repeat(0.7f, from)], from);

        Assert.All(samples[1_000..15_000], s => Assert.Equal(0.7, s, 5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(44_099)]
    [InlineData(123_457)]
    public void Length_follows_the_rate(int count)
    {
        var samples = Resample(new float[count], 44_100);

        Assert.Equal((int)Math.Ceiling(count * 160d / 441), samples.Length);
    }

    [Fact]
    public void Sound_of_that_rate_is_not_touched()
    {
        var source = new Samples(Sine(440, 0.1), Rate);

        Assert.Same(source, ResampledSource.At(source, Rate));
    }

    private static float[] Resample(float[] samples, int from) => ReadAll(ResampledSource.At(new Samples(samples, from), Rate));

    private static double Energy(ReadOnlySpan<float> samples)
    {
        var sum = 0d;
        foreach (var sample in samples)
        {
            sum += (double)sample * sample;
        }

        return sum / samples.Length;
    }
}
