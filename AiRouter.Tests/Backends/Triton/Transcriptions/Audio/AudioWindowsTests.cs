using AiRouter.Api.Backends.Triton.Transcriptions.Audio;

namespace AiRouter.Tests.Backends.Triton.Transcriptions.Audio;

public sealed class AudioWindowsTests
{
    private const int Rate = AudioWindows.SampleRate;

    [Theory]
    [InlineData(1_600)]
    [InlineData(Rate)]
    [InlineData(30 * Rate)]
    public void Sound_of_up_to_30_s_is_one_window(int length)
    {
        var windows = Cut(Waves.Sine(440, length / (double)Rate), out var problem);

        Assert.Null(problem);
        Assert.Equal((0, length / (double)Rate, length), Assert.Single(windows));
    }

    [Fact]
    public void Longer_sound_is_cut_where_it_is_quiet_and_nothing_is_lost()
    {
        var sound = Waves.Sine(440, 70);
        Silence(sound, 27.3, 27.6);
        Silence(sound, 20, 24);
        Silence(sound, 53, 53.2);

        var windows = Cut(sound, out var problem);

        Assert.Null(problem);
        Assert.Equal(3, windows.Count);
        Assert.InRange(windows[0].End, 27.3, 27.6);
        Assert.InRange(windows[1].End, 53, 53.2);
        Assert.Equal(70, windows[2].End, 3);
        Assert.Equal(windows.Select(w => w.End).SkipLast(1), windows.Select(w => w.Start).Skip(1));
        Assert.Equal(sound.Length, windows.Sum(w => w.Length));
    }

    [Fact]
    public void Sliver_behind_the_last_cut_is_not_sent()
    {
        var sound = Waves.Sine(440, 30.02);
        Silence(sound, 29.9, 30.02);

        var window = Assert.Single(Cut(sound, out var problem));

        Assert.Null(problem);
        Assert.InRange(window.End, 29.9, 30);
    }

    [Fact]
    public void Sound_without_a_quiet_place_is_cut_in_its_last_5_seconds()
    {
        var windows = Cut(Waves.Sine(440, 61), out _);

        Assert.All(windows.SkipLast(1), w => Assert.InRange(w.End - w.Start, 25, 30));
        Assert.Equal(61, windows[^1].End, 3);
    }

    [Fact]
    public void Samples_of_the_windows_are_those_of_the_sound()
    {
        float[] sound = [.. Enumerable.Range(0, 75 * Rate).Select(i => i / (75f * Rate))];
        var windows = new AudioWindows(new Samples(sound, Rate));
        var again = new List<float>();
        while (windows.Next() is { } window)
        {
            again.AddRange(window.Samples.Span);
            window.Dispose();
        }

        Assert.Equal(sound, again);
        Assert.Equal(sound.Length, windows.Given);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_599)]
    public void Sound_that_is_too_short_is_refused(int length)
    {
        Assert.Empty(Cut(new float[length], out var problem));
        Assert.Equal("it is shorter than 0.1 s", problem);
    }

    [Fact]
    public void What_is_wrong_with_the_sound_ends_it()
    {
        var windows = new AudioWindows(new Samples(new float[45 * Rate], Rate) { Trouble = "it is broken" });
        using var first = windows.Next();

        Assert.NotNull(first);
        Assert.Null(windows.Next());
        Assert.Equal("it is broken", windows.Problem);
        Assert.Null(windows.Next());
    }

    private static List<(double Start, double End, int Length)> Cut(float[] sound, out string? problem)
    {
        var windows = new AudioWindows(new Samples(sound, Rate));
        var cut = new List<(double, double, int)>();
        while (windows.Next() is { } window)
        {
            cut.Add((window.Start, window.End, window.Samples.Length));
            window.Dispose();
        }

        problem = windows.Problem;
        return cut;
    }

    private static void Silence(float[] sound, double from, double to) => sound.AsSpan((int)(from * Rate)..(int)(to * Rate)).Clear();
}
