using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;
using AiRouter.Api.Requests;
using AiRouter.Core.Health;
using AiRouter.Tests.Backends.Triton.Transcriptions.Audio;
using AiRouter.Tests.Backends.Triton.Transcriptions.Audio.Decoding;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Sound files that ffmpeg decodes, from the client to the model: the simulated Whisper tells what it has heard.</summary>
public sealed partial class TritonSoundFormatTests
{
    private const string Models =
        """
          whisper: { targets: [ { backend: gpu, model: whisper_bls } ], operations: [ transcriptions ] }
        """;

    // Nothing, and how files of each format begin.
    private static readonly string[] _heads =
        ["", "ID3\u0004\0\0\0\0\0\0", "ÿû\u0090d", "ÿñP\u0080", "OggS\0\u0002", "\0\0\0\u0014ftypM4A \0\0\0\0M4A ", "\u001aEß£"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("mp3", "")]
    [InlineData("mp3", "-ar 44100 -af pan=stereo|c0=c0|c1=c0 -id3v2_version 3 -metadata title=Tone")]
    [InlineData("ogg", "-c:a libvorbis")]
    [InlineData("ogg", "-c:a libopus")]
    [InlineData("m4a", "-c:a aac")]
    [InlineData("m4a", "-c:a aac -movflags +faststart")]
    [InlineData("m4a", "-c:a alac")]
    [InlineData("aac", "-c:a aac")]
    [InlineData("webm", "-c:a libopus")]
    [InlineData("mp4", "-f lavfi -i testsrc=d=3:s=64x64:r=5 -c:v mpeg4 -c:a aac")]
    [InlineData("webm", "-f lavfi -i testsrc=d=3:s=64x64:r=5 -c:v libvpx -c:a libvorbis")]
    public async Task Model_hears_what_it_hears_of_the_wave_file(string extension, string options)
    {
        var file = await Ffmpeg.ToneAsync(extension, options);
        await using var router = await StartAsync(Ffmpeg.Location);
        var wave = Heard(await PostAsync(router, Waves.File(Waves.Sine(440, 3))));
        var heard = Heard(await PostAsync(router, file));

        // Coders put some silence before and behind, with crossings of zero in it, and change the level a little.
        Assert.Equal(440, wave.Hertz);
        Assert.InRange(heard.Hertz, 436, 445);
        Assert.InRange(heard.Seconds, wave.Seconds - 0.08, wave.Seconds + 0.12);
        Assert.InRange(heard.Level, wave.Level - 0.03, wave.Level + 0.03);
        await NothingIsHeldAsync(router);
    }

    [Fact]
    public async Task M4a_has_its_table_of_contents_at_its_end()
    {
        var file = Encoding.Latin1.GetString(await Ffmpeg.ToneAsync("m4a", "-c:a aac"));

        Assert.True(file.IndexOf("moov", StringComparison.Ordinal) > file.IndexOf("mdat", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cover_picture_is_not_looked_at()
    {
        var file = await Ffmpeg.ToneAsync(
            "mp3", "-f lavfi -i color=red:s=64x64:d=0.04 -map 0 -map 1 -c:v mjpeg -disposition:v attached_pic");
        await using var router = await StartAsync(Ffmpeg.Location);

        Assert.Contains("JFIF", Encoding.Latin1.GetString(file)[..4000], StringComparison.OrdinalIgnoreCase);
        Assert.InRange(Heard(await PostAsync(router, file)).Hertz, 436, 445);
    }

    [Theory]
    [InlineData("mp3", "-ar 44100 -b:a 320k")]
    [InlineData("m4a", "-c:a alac")]
    public async Task Long_file_of_more_than_a_MiB_is_cut_into_windows(string extension, string options)
    {
        var file = await Ffmpeg.MakeAsync(extension, "-f lavfi -i anoisesrc=d=40:a=0.3:seed=1:r=44100 " + options);
        await using var router = await StartAsync(Ffmpeg.Location);
        var (status, body) = await PostAsync(router, file, "verbose_json");

        Assert.True(file.Length > SpooledBytes.MemorySize);
        Assert.True(status == HttpStatusCode.OK, body);
        var answer = JsonDocument.Parse(body).RootElement;
        Assert.InRange(answer.GetProperty("duration").GetDouble(), 39.9, 40.1);
        Assert.Equal(2, answer.GetProperty("segments").GetArrayLength());
        await NothingIsHeldAsync(router);
    }

    [Fact]
    public async Task Playlists_and_scripts_lead_nowhere()
    {
        // Whoever came here, or told what is in the file, would have followed one.
        using var trap = new TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        var secret = Path.Combine(Directory.CreateTempSubdirectory("airouter-secret-").FullName, "tone.wav");
        await File.WriteAllBytesAsync(secret, Waves.File(Waves.Sine(440, 2)), Token);
        await using var router = await StartAsync(Ffmpeg.Location);
        foreach (var target in new[] { $"http://{trap.LocalEndpoint}/tone.mp3", $"file://{secret}" })
        {
            foreach (var script in Scripts(target))
            {
                foreach (var head in _heads)
                {
                    var (status, body) = await PostAsync(router, Encoding.Latin1.GetBytes(head + script));

                    Assert.True(status == HttpStatusCode.BadRequest, $"{head}{script}: {body}");
                    Assert.DoesNotContain(Path.GetDirectoryName(secret)!, body, StringComparison.Ordinal);
                }
            }
        }

        Assert.False(trap.Pending());
        Assert.Empty(router.Sent);
        Directory.Delete(Path.GetDirectoryName(secret)!, recursive: true);
    }

    [Theory]
    [InlineData("mp3", "")]
    [InlineData("ogg", "-c:a libvorbis")]
    [InlineData("ogg", "-c:a libopus")]
    [InlineData("m4a", "-c:a aac")]
    [InlineData("webm", "-c:a libopus")]
    public async Task Broken_files_are_heard_or_refused(string extension, string options)
    {
        var file = await Ffmpeg.ToneAsync(extension, options);
        await using var router = await StartAsync(Ffmpeg.Location);
        var random = new Random(extension.Length);
        var broken = Enumerable.Range(0, 6).Select(i =>
        {
            var changed = file.ToArray();
            for (var n = 0; n < 1 << i; n++)
            {
                changed[random.Next(16, changed.Length)] = (byte)random.Next(256);
            }

            return changed;
        });
        foreach (var changed in broken.Append(file[..(file.Length / 2)]).Append(file[..100]))
        {
            var (status, body) = await PostAsync(router, changed);

            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.BadRequest, body);
        }

        await NothingIsHeldAsync(router);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_ffmpeg_the_error_says_what_is_taken_and_what_the_rest_needs(bool isOff)
    {
        using var fake = await FakeFfmpeg.MakeAsync("cat");
        await using var router = await StartAsync(
            isOff ? fake.Location : new FfmpegLocation(null, false), isOff ? "transcriptions: { decoders: 0 }" : "");
        var (status, body) = await PostAsync(router, [0xFF, 0xFB, 0x90, 0x64, .. new byte[400]]);
        var wave = await PostAsync(router, Waves.File(Waves.Sine(440, 3)));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("The file is MP3. Taken are: WAV", body, StringComparison.Ordinal);
        Assert.Contains("FLAC. Where the router has ffmpeg beside it, MP3, AAC, Ogg Vorbis", body, StringComparison.Ordinal);
        Assert.Equal(440, Heard(wave).Hertz);
    }

    [Fact]
    public async Task Files_that_find_no_place_are_503_and_the_model_is_not_asked()
    {
        using var fake = await FakeFfmpeg.MakeAsync("cat");
        await using var router = await StartAsync(fake.Location, "transcriptions: { decoders: 1, decodeSeconds: 1 }");
        var places = router.Router.Services.GetRequiredService<DecoderPlaces>();
        Assert.Null(await places.EnterAsync(1, TimeSpan.FromSeconds(1), Token));
        var refused = await PostAsync(router, [0xFF, 0xFB, 0x90, 0x64, .. new byte[400]]);
        places.Leave();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Contains("server_is_overloaded", refused.Body, StringComparison.Ordinal);
        Assert.Empty(router.Sent);
        await NothingIsHeldAsync(router);
    }

    [Fact]
    public async Task Client_that_goes_ends_the_decoding()
    {
        using var fake = await FakeFfmpeg.MakeAsync("echo $$ > $here/self; sleep 1000");
        await using var router = await StartAsync(fake.Location);
        using var going = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var asked = PostAsync(router, [0xFF, 0xFB, 0x90, 0x64, .. new byte[400]], cancellationToken: going.Token);
        var process = await fake.ReadAsync("self");
        await going.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Eventually.HoldsAsync(() => !FakeFfmpeg.Runs(process));
        await NothingIsHeldAsync(router);
    }

    [Fact]
    public async Task Formats_are_known_as_soon_as_a_model_is_for_transcriptions()
    {
        using var fake = await FakeFfmpeg.MakeAsync("cat");
        await using var router = await StartAsync(fake.Location);
        await using var other = await TritonRouter.StartAsync(configure: services => services.AddSingleton(fake.Location));

        await Eventually.HoldsAsync(() => router.Router.Services.GetRequiredService<FfmpegProgram>().Details.Any());
        Assert.Contains(router.Router.Services.GetServices<IHealthSource>(), source => source is FfmpegProgram);
        Assert.Empty(other.Router.Services.GetRequiredService<FfmpegProgram>().Details);
    }

    private static IEnumerable<string> Scripts(string target) =>
    [
        $"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{target}\n#EXT-X-ENDLIST\n",
        $"ffconcat version 1.0\nfile '{target}'\n",
        $"<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><Period><BaseURL>{target}</BaseURL></Period></MPD>",
        $"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nu={target}\nm=audio 5004 RTP/AVP 0\n",
    ];

    private static Task<TritonRouter> StartAsync(FfmpegLocation location, string server = "") =>
        TritonRouter.StartAsync(Models, server, configure: services => services.AddSingleton(location));

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(
        TritonRouter router, byte[] file, string format = "text", CancellationToken? cancellationToken = null)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(file), "file", "speech.mp3" },
            { new StringContent("whisper"), "model" },
            { new StringContent(format), "response_format" },
        };
        using var response = await router.Router.Http.PostAsync("audio/transcriptions", form, cancellationToken ?? Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private static (double Seconds, double Level, int Hertz) Heard((HttpStatusCode Status, string Body) answer)
    {
        var match = Transcript().Match(answer.Body);
        Assert.True(match.Success, $"{answer.Status}: {answer.Body}");
        return (Number(1), Number(2), (int)Number(3));

        double Number(int group) => double.Parse(match.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Task NothingIsHeldAsync(TritonRouter router)
    {
        var services = router.Router.Services;
        return Eventually.HoldsAsync(() =>
            services.GetRequiredService<FfmpegDecoder>().Held == 0 && services.GetRequiredService<DecoderPlaces>().Running == 0 &&
            services.GetRequiredService<BodyBudget>().Used == 0);
    }

    [GeneratedRegex(@"transcript of ([\d.]+) s \(of \d+ samples\), level ([\d.]+), (\d+) Hz")]
    private static partial Regex Transcript();
}
