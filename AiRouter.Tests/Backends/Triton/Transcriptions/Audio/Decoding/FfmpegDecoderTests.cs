using System.IO.Pipelines;
using System.Text;
using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>What holds whatever the program does: a script stands in its place.</summary>
public sealed class FfmpegDecoderTests : IDisposable
{
    private static readonly CodedFormat Mp3 = CodedFormats.All.Single(f => f.Name == "MP3");
    private static readonly CodedFormat Mp4 = CodedFormats.All.Single(f => f.NeedsSeeking);

    private readonly string _data = Directory.CreateTempSubdirectory("airouter-data-").FullName;
    private readonly BodyBudget _budget = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly DecoderPlaces _places;
    private readonly SpoolFolder _folder;
    private readonly FfmpegDecoder _decoder;

    public FfmpegDecoderTests()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("AIROUTER_DATA", _data)]).Build();
        _folder = new SpoolFolder(settings, NullLogger<SpoolFolder>.Instance);
        _places = new DecoderPlaces(_clock);
        _decoder = new FfmpegDecoder(_places, _budget, _folder, _clock, NullLogger<FfmpegDecoder>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task File_goes_in_and_samples_come_out()
    {
        // The first byte is before the file, the last behind it; twelve bytes are six samples.
        var (samples, error) = await DecodeAsync("cat", Mp3, Encoding.ASCII.GetBytes("<abcdefghijkl>"), 1, 12);

        Assert.Null(error);
        Assert.Equal(6, samples!.Length);
        Assert.Equal(BitConverter.ToInt16("ab"u8) / 32768f, samples[0], 0.0001);
    }

    [Fact]
    public async Task Large_file_goes_through_without_being_held_in_memory()
    {
        var (samples, error) = await DecodeAsync("cat", Mp3, new byte[5_000_001], 1, 5_000_000, () => Assert.Equal(0, _budget.Used));

        Assert.Null(error);
        Assert.Equal(2_500_000, samples!.Length);
    }

    [Fact]
    public async Task Program_has_nothing_of_the_routers_environment()
    {
        Assert.NotEmpty(Environment.GetEnvironmentVariables());
        using var fake = await FakeFfmpeg.MakeAsync("tr '\\0' '\\n' < /proc/$$/environ > $here/environment; pwd > $here/folder; cat");
        await DecodeAsync(fake, Mp3, new byte[100], 0, 100);

        Assert.Equal("", await File.ReadAllTextAsync(Path.Combine(fake.Folder, "environment"), Token));
        Assert.Equal("/\n", await fake.ReadAsync("folder"));
    }

    [Fact]
    public async Task File_that_has_to_be_seekable_is_one_that_only_this_user_reads_and_that_is_gone_afterwards()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it has a name while it is read.");
        using var fake = await FakeFfmpeg.MakeAsync(
            """
            for argument; do case $argument in file:*) path=${argument#file:};; esac; done
            stat -L -c '%a %F %h' $path > $here/rights
            tail -c 3 $path > $here/last
            cat $path; wc -c > $here/input
            """);
        var (samples, error) = await DecodeAsync(fake, Mp4, Encoding.ASCII.GetBytes("<abcdefghijkl>"), 1, 12);

        Assert.Null(error);
        Assert.Equal(6, samples!.Length);
        Assert.Equal("600 regular file 0\n", await fake.ReadAsync("rights"));
        Assert.Equal("jkl", await fake.ReadAsync("last"));
        Assert.Equal("0", (await fake.ReadAsync("input")).Trim());
        Assert.Empty(Directory.GetFiles(_data, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("head -c 400000 /dev/zero; exit 69")]
    [InlineData("cat > /dev/null; kill -SEGV $$")]
    [InlineData("cat > /dev/null")]
    [InlineData("head -c 300000 /dev/zero | tr '\\0' x >&2; echo /etc/secret >&2; exit 1")]
    public async Task Program_that_fails_is_400_without_its_words(string script)
    {
        var (_, error) = await DecodeAsync(script, Mp3, new byte[3_000_000], 0, 3_000_000);

        Assert.Equal((ErrorCause.InvalidRequest, "file"), (error!.Cause, error.Param));
        Assert.Equal("The file is MP3 that cannot be decoded: it is broken, or has no sound.", error.Message);
        Assert.True(error.Detail!.Length <= 2048);
    }

    [Fact]
    public async Task Program_that_takes_too_long_is_killed_with_all_that_it_has_started()
    {
        using var fake = await FakeFfmpeg.MakeAsync("sleep 1000 & echo $! > $here/child; echo $$ > $here/self; sleep 1000");
        var decoding = DecodeAsync(fake, Mp3, new byte[10], 0, 10, limits: new TranscriptionsConfig { DecodeSeconds = 20 });
        var processes = new[] { await fake.ReadAsync("child"), await fake.ReadAsync("self") };
        Assert.All(processes, p => Assert.True(FakeFfmpeg.Runs(p)));
        _clock.Advance(TimeSpan.FromSeconds(20));
        var (_, error) = await decoding;

        Assert.Equal("The file is MP3 that takes longer than 20 s to decode.", error!.Message);
        Assert.Equal(400, error.EffectiveStatus);
        await Eventually.HoldsAsync(() => !processes.Any(FakeFfmpeg.Runs));
    }

    [Fact]
    public async Task Client_that_goes_ends_the_program()
    {
        using var fake = await FakeFfmpeg.MakeAsync("sleep 1000 & echo $! > $here/child; echo $$ > $here/self; sleep 1000");
        using var going = new CancellationTokenSource();
        var decoding = DecodeAsync(fake, Mp3, new byte[3_000_000], 0, 3_000_000, cancellationToken: going.Token);
        var processes = new[] { await fake.ReadAsync("child"), await fake.ReadAsync("self") };
        Assert.All(processes, p => Assert.True(FakeFfmpeg.Runs(p)));
        await going.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => decoding);
        await Eventually.HoldsAsync(() => !processes.Any(FakeFfmpeg.Runs));
        AssertNothingIsHeld();
    }

    [Fact]
    public async Task Small_file_with_more_sound_than_there_is_room_for_is_503()
    {
        var (_, error) = await DecodeAsync(
            "cat /dev/zero", Mp3, new byte[10], 0, 10, limits: new TranscriptionsConfig { MaxDecodedMiB = 3 });

        Assert.Equal((ErrorCause.OutOfBuffers, 503), (error!.Cause, error.EffectiveStatus));
    }

    [Fact]
    public async Task Sound_without_an_end_is_cut_off_where_it_is_too_long()
    {
        var (_, error) = await DecodeAsync("cat /dev/zero", Mp3, new byte[10], 0, 10);

        Assert.Equal("The file cannot be transcribed: it is longer than 4 hours.", error!.Message);
        Assert.Equal(400, error.EffectiveStatus);
    }

    [Fact]
    public async Task Program_that_has_gone_is_503()
    {
        using var upload = await UploadAsync(new byte[10]);
        var (_, error) = await _decoder.DecodeAsync(
            Path.Combine(_data, "none"), new UploadPart(upload, 0, 10), Mp3, new ServerConfig(), Token);

        Assert.Equal((ErrorCause.OutOfBuffers, 503), (error!.Cause, error.EffectiveStatus));
        Assert.DoesNotContain(_data, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private async Task<(float[]? Samples, ApiError? Error)> DecodeAsync(
        string script, CodedFormat format, byte[] bytes, long start, long length, Action? whileHeld = null,
        TranscriptionsConfig? limits = null)
    {
        using var fake = await FakeFfmpeg.MakeAsync(script);
        return await DecodeAsync(fake, format, bytes, start, length, whileHeld, limits);
    }

    private async Task<(float[]? Samples, ApiError? Error)> DecodeAsync(
        FakeFfmpeg fake, CodedFormat format, byte[] bytes, long start, long length, Action? whileHeld = null,
        TranscriptionsConfig? limits = null, CancellationToken? cancellationToken = null)
    {
        float[]? samples;
        ApiError? error;
        using (var upload = await UploadAsync(bytes))
        {
            var server = new ServerConfig { Transcriptions = limits ?? new TranscriptionsConfig() };
            (var sound, error) = await _decoder.DecodeAsync(
                fake.Program, new UploadPart(upload, start, length), format, server, cancellationToken ?? Token);
            using var heard = sound;
            whileHeld?.Invoke();
            samples = sound is null ? null : Waves.ReadAll(sound.Open());
        }

        AssertNothingIsHeld();
        return (samples, error);
    }

    private void AssertNothingIsHeld() => Assert.Equal((0, 0L, 0), (_places.Running, _decoder.Held, _places.Waiting));

    private async Task<SpooledBytes> UploadAsync(byte[] bytes)
    {
        var upload = new SpooledBytes(_budget, _folder);
        Assert.Null(await upload.ReadAsync(PipeReader.Create(new MemoryStream(bytes)), null, long.MaxValue, long.MaxValue, Token));
        return upload;
    }
}
