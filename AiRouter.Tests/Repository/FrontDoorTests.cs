using System.Diagnostics;

namespace AiRouter.Tests.Repository;

/// <summary><c>airouter.sh</c> and the other shell scripts.</summary>
public sealed class FrontDoorTests
{
    [Fact]
    public async Task Shell_scripts_parse()
    {
        SkipOnWindows();
        foreach (var script in Checkout.Files.Where(static file =>
            file.EndsWith(".sh", StringComparison.Ordinal) || file == ".ci/run"))
        {
            var (status, _, error) = await BashAsync(null, "-n", Path.Combine(Checkout.Root, script));
            Assert.True(status == 0, error);
        }
    }

    [Fact]
    public async Task Help_names_both_commands()
    {
        SkipOnWindows();
        var (status, output, _) = await BashAsync(null, Path.Combine(Checkout.Root, "airouter.sh"), "--help");

        Assert.Equal(0, status);
        Assert.Contains("./airouter.sh run", output, StringComparison.Ordinal);
        Assert.Contains("./airouter.sh test", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_that_does_not_exist_is_refused_in_one_sentence()
    {
        SkipOnWindows();
        var (status, output, error) = await BashAsync(null, Path.Combine(Checkout.Root, "airouter.sh"), "fly");

        Assert.Equal((1, string.Empty), (status, output));
        Assert.Equal(
            "airouter.sh: there is no command 'fly' (there are: run, publish, import, test, bench, demo, soak, bulkhead, audit); ./airouter.sh --help says more\n", error);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("import")]
    [InlineData("test")]
    public async Task Missing_sdk_is_said_in_one_sentence(string command)
    {
        SkipOnWindows();
        var folder = Directory.CreateTempSubdirectory("no sdk ");
        try
        {
            var dotnet = Path.Combine(folder.FullName, "dotnet");
            await File.WriteAllTextAsync(
                dotnet,
                "#!/bin/sh\n[ \"$1\" = --list-sdks ] && echo '8.0.404 [somewhere]' && exit 0\nexit 1\n",
                TestContext.Current.CancellationToken);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            var (status, output, error) = await BashAsync(
                folder.FullName, Path.Combine(Checkout.Root, "airouter.sh"), command);

            Assert.Equal((1, string.Empty), (status, output));
            Assert.Equal(
                "airouter.sh: the .NET 10 SDK is needed and was not found (installed SDKs: 8.0.404); "
                + "get it from https://dotnet.microsoft.com/download/dotnet/10.0\n",
                error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no bash on Windows.");

    private static async Task<(int Status, string Output, string Error)> BashAsync(
        string? pathFirst, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (pathFirst is not null)
        {
            start.Environment["PATH"] = $"{pathFirst}:/usr/bin:/bin";
        }

        using var bash = Process.Start(start)!;
        var output = bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (bash.ExitCode, await output, await error);
    }
}
