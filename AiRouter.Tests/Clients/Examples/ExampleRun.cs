using System.Diagnostics;

namespace AiRouter.Tests.Clients.Examples;

/// <summary>A run of an example, as somebody at a terminal sees it.</summary>
internal sealed class ExampleRun : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly CancellationTokenSource _deadline =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private ExampleRun(Process process)
    {
        _process = process;
        _deadline.CancelAfter(Deadline);
    }

    /// <summary>Starts one.</summary>
    /// <param name="command">The program and its first arguments.</param>
    /// <param name="arguments">The example's own.</param>
    /// <param name="environment">Variables of the example's; it sees no others of ours.</param>
    public static ExampleRun Start(
        IEnumerable<string> command, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var whole = command.Concat(arguments).ToList();
        var start = new ProcessStartInfo(whole[0], whole[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Remove("AIROUTER_URL");
        start.Environment.Remove("AIROUTER_KEY");
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ExampleRun(Process.Start(start)!);
    }

    /// <summary>The next line that it prints.</summary>
    public async Task<string?> LineAsync() => await _process.StandardOutput.ReadLineAsync(_deadline.Token);

    /// <summary>Waits for its end.</summary>
    public async Task<(int ExitCode, string Output, IReadOnlyList<string> Errors)> EndAsync()
    {
        var errors = _process.StandardError.ReadToEndAsync(_deadline.Token);
        var output = await _process.StandardOutput.ReadToEndAsync(_deadline.Token);
        await _process.WaitForExitAsync(_deadline.Token);
        return (_process.ExitCode, output.ReplaceLineEndings("\n"),
            (await errors).ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Ends it if it has not.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _deadline.Dispose();
    }
}
