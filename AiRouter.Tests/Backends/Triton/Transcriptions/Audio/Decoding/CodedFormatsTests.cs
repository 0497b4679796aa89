using System.Text;
using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

namespace AiRouter.Tests.Backends.Triton.Transcriptions.Audio.Decoding;

public sealed class CodedFormatsTests
{
    [Theory]
    [InlineData("ÿûd", "MP3", "mp3")]
    [InlineData("ÿñ", "AAC", "aac")]
    [InlineData("ID3\u0004\0\0\0\0\0\u0002xxÿû", "MP3", "mp3")]
    [InlineData("ID3\u0004\0\0\0\0\0\u0002xxÿñ", "AAC", "aac")]
    [InlineData("ID3", "MP3", "mp3")]
    [InlineData("ID3\u0004\0\0\u007f\u007f\u007f\u007f", "MP3", "mp3")]
    [InlineData("OggS\0\u0002OpusHead", "Ogg Opus", "ogg")]
    [InlineData("OggS\0\u0002\u0001vorbis", "Ogg Vorbis", "ogg")]
    [InlineData("OggS\0\u0002\u0080theora", "Ogg", "ogg")]
    [InlineData("\0\0\0 ftypM4A ", "MP4 (M4A)", "mov")]
    [InlineData("\u001aEß£", "WebM (Matroska)", "matroska")]
    [InlineData("RIFF\0\0\0\0WAVE", null, null)]
    [InlineData("fLaC", null, null)]
    [InlineData("#EXTM3U\n", null, null)]
    [InlineData("ffconcat version 1.0\n", null, null)]
    [InlineData("\n#EXTM3U\n", null, null)]
    [InlineData("<?xml version=\"1.0\"?><MPD>", null, null)]
    [InlineData("FORM\0\0\0\0AIFF", null, null)]
    [InlineData("", null, null)]
    public void Format_is_known_by_the_first_bytes(string content, string? name, string? demuxer)
    {
        var format = CodedFormats.Of(new MemoryStream(Encoding.Latin1.GetBytes(content)));

        Assert.Equal((name, demuxer), (format?.Name, format?.Demuxer));
    }

    [Fact]
    public void Ffmpeg_is_told_what_it_may_read()
    {
        var mp4 = CodedFormats.All.Single(f => f.NeedsSeeking);
        var fromFile = string.Join(' ', FfmpegArguments.Of(mp4, "/x"));
        var fromPipe = string.Join(' ', FfmpegArguments.Of(CodedFormats.All[0], null));

        Assert.Contains("-protocol_whitelist file -format_whitelist mov -codec_whitelist", fromFile, StringComparison.Ordinal);
        Assert.Contains("-threads 1 -f mov -i file:/x -map 0:a:0 -vn -sn -dn", fromFile, StringComparison.Ordinal);
        Assert.Contains("-protocol_whitelist pipe -format_whitelist mp3", fromPipe, StringComparison.Ordinal);
        Assert.StartsWith("-nostdin ", fromPipe, StringComparison.Ordinal);
    }
}
