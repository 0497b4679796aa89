using System.Security.Cryptography;
using AiRouter.Api.Backends.Triton.Transcriptions.Audio;
using AiRouter.Tests.Repository;
using static AiRouter.Tests.Backends.Triton.Transcriptions.Audio.Waves;

namespace AiRouter.Tests.Backends.Triton.Transcriptions.Audio;

/// <summary>Files that FFmpeg wrote: prediction of every kind, middle and side, verbatim and silent frames.</summary>
public sealed class FlacFileTests
{
    private const int Md5At = 26;

    [Theory]
    [InlineData("mono16", 44_100, 1, 16)]
    [InlineData("stereo16fixed", 16_000, 2, 16)]
    [InlineData("stereo24", 48_000, 2, 24)]
    [InlineData("silence", 8_000, 1, 16)]
    public void Samples_have_the_checksum_that_their_writer_put_into_the_file(string name, int rate, int channels, int size)
    {
        var file = Read(name);
        var bits = new FlacBits(new MemoryStream(file));
        var header = FlacHeader.Read(bits, out var problem);

        Assert.Null(problem);
        Assert.Equal((rate, channels, size), (header!.SampleRate, header.Channels, header.Bits));
        var frame = new FlacFrame(bits, header);
        var samples = new List<byte>();
        while (frame.TryRead())
        {
            for (var i = 0; i < frame.Length; i++)
            {
                foreach (var channel in frame.Channels)
                {
                    samples.AddRange(BitConverter.GetBytes(channel[i]).AsSpan(0, size / 8));
                }
            }
        }

        Assert.Equal(header.Samples * channels * size / 8, samples.Count);
#pragma warning disable CA5351 // It is FLAC's checksum; nothing is kept secret by it.
        Assert.Equal(file[Md5At..(Md5At + 16)], MD5.HashData(samples.ToArray()));
#pragma warning restore CA5351
    }

    [Fact]
    public void Sound_is_mixed_to_one_channel_and_its_tone_is_there()
    {
        var mono = ReadAll(Open(Read("mono16")));
        var stereo = ReadAll(Open(Read("stereo16fixed")));

        Assert.Equal(6_615, mono.Length);
        Assert.InRange(LevelAt(440, mono, 44_100), 0.45, 0.55);
        Assert.Equal(2_400, stereo.Length);
        Assert.InRange(LevelAt(300, stereo), 0.5, 0.7);
        Assert.All(ReadAll(Open(Read("silence"))), s => Assert.Equal(0, s));
    }

    [Fact]
    public void File_that_ends_too_early_is_told()
    {
        var source = Open(Read("mono16")[..^200]);
        var samples = ReadAll(source);

        Assert.True(samples.Length < 6_615);
        Assert.StartsWith("its sound is broken after 0.1 s", source.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "it ends before its sound")]
    [InlineData(20, "it ends before its sound")]
    [InlineData(42, "it ends before its sound")]
    public void Header_that_is_broken_is_refused(int length, string reason) =>
        Assert.Contains(reason, ProblemOf(Read("mono16")[..length]), StringComparison.Ordinal);

    /// <summary>A file beside this test.</summary>
    internal static byte[] Read(string name) => System.IO.File.ReadAllBytes(
        Path.Combine(Checkout.Root, "AiRouter.Tests", "Backends", "Triton", "Transcriptions", "Audio", "Files", name + ".flac"));
}
