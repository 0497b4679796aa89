using System.Diagnostics;
using System.Text;
using AiRouter.AppHost;
using AiRouter.AppHost.Processes;

namespace AiRouter.Tests.AppHost;

/// <summary>The AppHost as <c>./airouter.sh run</c> starts it: a process group of its own, as a terminal gives it, and ports that
/// nobody else uses.</summary>
internal sealed class RunningAppHost : IAsyncDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(90);

    private readonly Process _shell;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<int> _group = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _ownsOptions;

    private RunningAppHost(RunOptions? options, string[]? arguments, IReadOnlyDictionary<string, string>? environment)
    {
        _ownsOptions = options is null;
        Options = options ?? new RunOptions();

        // Job control (set -m) is what puts the AppHost into a group of its own.
        string[] command =
        [
            "-c", "set -m; \"$@\" & echo \"group $!\"; wait $!", "bash", "dotnet", BuiltProject.AssemblyOf("AiRouter.AppHost"),
            .. arguments ?? Options.Arguments(),
        ];
        _shell = new Process
        {
            StartInfo = new ProcessStartInfo("bash", command) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _shell.StartInfo.Environment["AIROUTER_ADMIN_KEY"] = AdminKey;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            _shell.StartInfo.Environment[name] = value;
        }

        _shell.OutputDataReceived += (_, line) => Take(line.Data);
        _shell.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    /// <summary>The key of the first admin, given in the environment.</summary>
    public const string AdminKey = "the-admin-key-of-this-test";

    /// <summary>Its ports and files.</summary>
    public RunOptions Options { get; }

    /// <summary>What it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts it; everything is healthy afterwards.</summary>
    /// <param name="options">The test's own; null: some, which are deleted at the end.</param>
    /// <param name="arguments">Others than those of the options.</param>
    /// <param name="environment">Variables of the AppHost, which its processes inherit.</param>
    public static async Task<RunningAppHost> StartAsync(
        RunOptions? options = null, string[]? arguments = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var host = Start(options, arguments, environment);
        var ended = host._shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        var first = await Task.WhenAny(host._ready.Task, ended).WaitAsync(_deadline, TestContext.Current.CancellationToken);
        Assert.True(first == host._ready.Task, host.Output);
        return host;
    }

    /// <summary>Sends a signal: Ctrl-C goes to the whole group, as from a terminal; others to the AppHost alone.</summary>
    public async Task SignalAsync(string signal)
    {
        var group = await _group.Task.WaitAsync(_deadline, TestContext.Current.CancellationToken);
        using var kill = Process.Start("bash", ["-c", $"kill -{signal} -- {(signal == "INT" ? -group : group)}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for its end: the exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _shell.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(_deadline, TestContext.Current.CancellationToken);
        return _shell.ExitCode;
    }

    /// <summary>Waits until nothing listens on its ports.</summary>
    public async Task NothingListensAsync()
    {
        var started = Stopwatch.StartNew();
        while (!Options.IsQuiet())
        {
            Assert.True(started.Elapsed < _deadline, $"Something still listens after {started.Elapsed}: {Output}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_shell.HasExited)
        {
            await SignalAsync("KILL");
        }

        await _shell.WaitForExitAsync(CancellationToken.None);
        _shell.Dispose();
        if (_ownsOptions)
        {
            Options.Dispose();
        }
    }

    private static RunningAppHost Start(
        RunOptions? options, string[]? arguments, IReadOnlyDictionary<string, string>? environment)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no process groups on Windows.");
        Assert.SkipWhen(
            typeof(Launch).Assembly.GetType("AiRouter.AppHost.Aspire.Composition") is not null,
            "With Aspire the processes are Aspire's.");
        var host = new RunningAppHost(options, arguments, environment);
        host._shell.Start();
        host._shell.BeginOutputReadLine();
        host._shell.BeginErrorReadLine();
        return host;
    }

    private void Take(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line?.StartsWith("group ", StringComparison.Ordinal) == true)
        {
            _group.TrySetResult(int.Parse(line["group ".Length..], System.Globalization.CultureInfo.InvariantCulture));
        }
        else if (line == "AiRouter is ready.")
        {
            _ready.TrySetResult();
        }
    }
}
