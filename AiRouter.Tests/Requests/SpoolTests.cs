using System.Net;
using AiRouter.Api.Requests;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Requests;

/// <summary>Uploads above 1 MiB wait on disk: only for this process, and no longer than their request.</summary>
public sealed class SpoolTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("airouter-spool-");

    [Fact]
    public void File_is_for_its_owner_alone_and_has_no_name()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var file = new SpoolFolder(Configuration(_data.FullName), NullLogger<SpoolFolder>.Instance).Open();

#pragma warning disable CA1416 // Skipped there.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.SafeFileHandle));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.Combine(_data.FullName, "spool")));
#pragma warning restore CA1416
        Assert.Empty(Directory.EnumerateFiles(_data.FullName, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task File_is_gone_when_its_request_has_ended()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Open files are counted in /proc.");
        var during = 0;
        await using var upstream = await ScriptedUpstream.StartAsync(call =>
        {
            during = OpenFiles();
            return call.JsonAsync("{}");
        });
        await using var router = await RunningRouter.StartAsync(
            upstream, configure: s => s.AddSingleton(Configuration(_data.FullName)));
        var form = new MultipartFormDataContent
        {
            { new StringContent("public-model"), "model" },
            { new ByteArrayContent(new byte[3 * 1024 * 1024]), "file", "a.wav" },
        };

        using var response = await router.Http.PostAsync("audio/transcriptions", form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, during);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (OpenFiles() > 0)
        {
            await Task.Delay(10, deadline.Token);
        }
    }

    [Fact]
    public async Task Disk_that_takes_nothing_is_503_and_not_the_clients_fault()
    {
        var file = Path.Combine(_data.FullName, "a-file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream, configure: s => s.AddSingleton(Configuration(file)));
        var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[2 * 1024 * 1024]), "file", "a.wav" } };

        using var response = await router.Http.PostAsync("audio/transcriptions", form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var budget = router.Services.GetRequiredService<BodyBudget>();
        await Eventually.HoldsAsync(() => budget.Used == 0);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private int OpenFiles() => Directory.EnumerateFiles("/proc/self/fd")
        .Count(f => new FileInfo(f).LinkTarget?.StartsWith(_data.FullName, StringComparison.Ordinal) == true);

    private static IConfiguration Configuration(string data) => new ConfigurationBuilder()
        .AddInMemoryCollection([KeyValuePair.Create("AIROUTER_DATA", (string?)data)]).Build();
}
