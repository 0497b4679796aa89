using AiRouter.Api.Backends.Triton.Transcriptions.Audio;
using AiRouter.Tests.Backends.Triton.Transcriptions.Audio;

namespace AiRouter.Tests.Fuzz;

/// <summary>Files of sound, whatever is in them, are refused or have samples from -1 to 1.</summary>
public sealed class AudioFuzzTests
{
    [Fact]
    public Task Wave_files_are_refused_or_have_samples() => Fuzzer.RunAsync(
        [
            Waves.File(Waves.Sine(440, 0.01)),
            Waves.File(Waves.Extensible(3, 2, 44_100, 32), new byte[800], uint.MaxValue, between: Waves.Chunk("LIST", 1, 2, 3)),
            Waves.File(Waves.Format(3, 1, 8_000, 64), [.. Enumerable.Repeat((byte)0x7F, 160)], 0),
            Waves.File(Waves.Format(7, 1, 8_000, 8), new byte[64], uint.MaxValue, "RF64", Waves.Chunk("ds64", new byte[28])),
        ],
        [
            "RIFF"u8.ToArray(), "RF64"u8.ToArray(), "WAVE"u8.ToArray(), "fmt "u8.ToArray(), "data"u8.ToArray(), "ds64"u8.ToArray(),
            "fLaC"u8.ToArray(), [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0xFE, 0xFF], [1, 0], [0x80, 0x3E, 0, 0],
        ],
        (32 << 20, 64),
        static (input, _) =>
        {
            if (AudioFile.Open(new MemoryStream(input), out var problem) is not { } source)
            {
                Assert.NotNull(problem);
                return;
            }

            Assert.Null(problem);
            Listen(source);
        });

    [Fact]
    public Task Flac_files_are_refused_or_have_samples() => Fuzzer.RunAsync(
        [FlacFileTests.Read("mono16"), FlacFileTests.Read("stereo24"), FlacFileTests.Read("stereo16fixed"), FlacFileTests.Read("silence")],
        ["fLaC"u8.ToArray(), [0xFF, 0xF8], [0xFF, 0xF8, 0xC9, 0x18, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0x80], [0x42], [0x7E]],
        (64 << 20, 2048),
        static (input, _) =>
        {
            if (AudioFile.Open(new MemoryStream(input), out var problem) is not { } source)
            {
                Assert.NotNull(problem);
                return;
            }

            Assert.Null(problem);
            Listen(source);
        });

    private static void Listen(IAudioSource source)
    {
        var windows = new AudioWindows(source);
        while (windows.Next() is { } window)
        {
            foreach (var sample in window.Samples.Span)
            {
                // A filter overshoots where the sound jumps.
                Assert.True(Math.Abs(sample) <= 2);
            }

            window.Dispose();
        }

        Assert.True(windows.Problem is not null || windows.Given > 0);
    }
}
