using static AiRouter.Tests.Backends.Triton.Transcriptions.Audio.Waves;

namespace AiRouter.Tests.Backends.Triton.Transcriptions.Audio;

public sealed class WaveFileTests
{
    [Theory]
    [InlineData(1, 8, new byte[] { 128, 255, 0, 192 }, 0.01)]
    [InlineData(1, 16, new byte[] { 0, 0, 0xFF, 0x7F, 0, 0x80, 0, 0x40 }, 0.0001)]
    [InlineData(1, 24, new byte[] { 0, 0, 0, 0xFF, 0xFF, 0x7F, 0, 0, 0x80, 0, 0, 0x40 }, 0.000001)]
    [InlineData(1, 32, new byte[] { 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0x80, 0, 0, 0, 0x40 }, 0.000001)]
    [InlineData(6, 8, new byte[] { 0xD5, 0xAA, 0x2A, 0xBA }, 0.02)]
    [InlineData(7, 8, new byte[] { 0xFF, 0x80, 0x00, 0x90 }, 0.03)]
    public void Integers_of_every_width_are_from_minus_one_to_one(int tag, int bits, byte[] data, double tolerance)
    {
        float[] expected = tag == 7 ? [0, 0.98f, -0.98f, 0.49f] : tag == 6 ? [0, 0.98f, -0.98f, 0.49f] : [0, 1, -1, 0.5f];

        var source = Open(File(Format(tag, 1, 8_000, bits), data));

        Assert.Equal(8_000, source.SampleRate);
        Assert.Equal(expected, ReadAll(source), new Nearly(tolerance));
    }

    [Fact]
    public void Floats_are_taken_as_they_are_cut_at_one_and_silent_where_they_are_no_numbers()
    {
        float[] singles = [0.25f, -1f, 3e38f, float.NaN, float.NegativeInfinity];
        double[] doubles = [0.25, -1, 1e300, double.NaN, double.NegativeInfinity];

        var ofSingles = Open(File(Format(3, 1, 16_000, 32), [.. singles.SelectMany(BitConverter.GetBytes)]));
        var ofDoubles = Open(File(Format(3, 1, 16_000, 64), [.. doubles.SelectMany(BitConverter.GetBytes)]));

        float[] expected = [0.25f, -1, 1, 0, -1];
        Assert.Equal(expected, ReadAll(ofSingles));
        Assert.Equal(expected, ReadAll(ofDoubles));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Channels_are_mixed_to_their_mean(int channels)
    {
        byte[] frame = [.. Enumerable.Range(0, channels).SelectMany(c => BitConverter.GetBytes((short)(c * 1000)))];
        byte[] data = [.. Enumerable.Repeat(frame, 100).SelectMany(f => f)];

        var samples = ReadAll(Open(File(Extensible(1, channels, 44_100, 16), data)));

        Assert.Equal(100, samples.Length);
        Assert.All(samples, s => Assert.Equal((channels - 1) * 500 / 32_768d, s, 5));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    [InlineData(1_000_000u)]
    public void Length_that_its_writer_did_not_know_means_up_to_the_end(uint length)
    {
        var samples = ReadAll(Open(File(Format(1, 1, 16_000, 16), new byte[2_001], length)));

        // Half a sample at the end is none.
        Assert.Equal(1_000, samples.Length);
    }

    [Fact]
    public void Chunks_around_the_sound_are_passed_over()
    {
        var list = Chunk("LIST", 1, 2, 3);
        byte[] file = [.. File(Format(1, 1, 16_000, 16), new byte[200], between: list), .. Chunk("id3 ", 1, 2, 3, 4)];

        Assert.Equal(100, ReadAll(Open(file)).Length);
    }

    [Theory]
    [InlineData("RF64")]
    [InlineData("BW64")]
    public void Length_of_a_long_file_stands_in_a_chunk_of_its_own(string kind)
    {
        var lengths = Chunk("ds64", [.. new byte[8], .. BitConverter.GetBytes(60L), .. new byte[12]]);

        Assert.Equal(30, ReadAll(Open(File(Format(1, 1, 16_000, 16), new byte[100], uint.MaxValue, kind, lengths))).Length);
    }

    public static TheoryData<string, byte[]> Broken { get; } = new()
    {
        { "no data chunk", File(Format(1, 1, 16_000, 16), [])[..36] },
        { "no data chunk", [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8] },
        { "no fmt chunk before its data", [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8, .. Chunk("data", 1, 2)] },
        { "fmt chunk is too short", File([1, 0, 1, 0], new byte[10]) },
        { "format 85", File(Format(85, 1, 16_000, 16), new byte[10]) },
        { "12 bits", File(Format(1, 1, 16_000, 12), new byte[10]) },
        { "0 channels", File(Format(1, 0, 16_000, 16), new byte[10]) },
        { "9 channels", File(Format(1, 9, 16_000, 16), new byte[10]) },
        { "sample rate is 0", File(Format(1, 1, 0, 16), new byte[10]) },
        { "sample rate is 999", File(Format(1, 1, 999, 16), new byte[10]) },
        { "3 bytes a frame", File(Format(1, 1, 16_000, 16, frame: 3), new byte[10]) },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void File_that_cannot_be_played_is_refused_with_the_reason(string reason, byte[] file) =>
        Assert.Contains(reason, ProblemOf(file), StringComparison.Ordinal);

    [Theory]
    [InlineData("Ogg Opus", "OggS\0\u0002\0\0\0\0OpusHead")]
    [InlineData("Ogg Vorbis", "OggS\0\u0002\0\0\0\0\u0001vorbis")]
    [InlineData("MP3", "ID3\u0004\0\0\0\0")]
    [InlineData("MP4 (M4A)", "\0\0\0 ftypM4A ")]
    [InlineData("no sound", "hello, this is text")]
    [InlineData("no sound", "RIFF\0\0\0\0AVI LIST")]
    [InlineData("empty", "")]
    public void Other_files_are_called_by_what_they_are_and_what_is_taken_is_said(string name, string content)
    {
        var problem = ProblemOf(System.Text.Encoding.Latin1.GetBytes(content));

        Assert.Contains(name, problem, StringComparison.Ordinal);
        Assert.True(content.Length == 0 || problem.Contains("WAV (PCM", StringComparison.Ordinal), problem);
    }

    [Fact]
    public void Mp3_without_a_tag_is_known_by_its_frame() =>
        Assert.Contains("MP3", ProblemOf([0xFF, 0xFB, 0x90, 0x64, 0, 0, 0, 0, 0, 0, 0, 0]), StringComparison.Ordinal);

    private sealed class Nearly(double tolerance) : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(float value) => 0;
    }
}
