using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using AiRouter.AppHost.Processes;

namespace AiRouter.Tests.Fixtures;

/// <summary>The Api (or another project that listens) as a process of its own, with nothing but the environment it is given.</summary>
internal sealed partial class ApiProcess : IAsyncDisposable
{
    /// <summary>
    /// The router that is started: what was built with the tests, or the program that <c>AIROUTER_TEST_ROUTER</c> names, such as one that
    /// was compiled ahead of time (<c>./airouter.sh test --native</c>).
    /// </summary>
    private static readonly string Router =
        Environment.GetEnvironmentVariable("AIROUTER_TEST_ROUTER") ?? Path.Combine(AppContext.BaseDirectory, "AiRouter.Api.dll");

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ApiProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"The process ended:\n{Output}"));
        process.EnableRaisingEvents = true;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

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

    /// <summary>Starts it on a free loopback port and waits until it listens.</summary>
    /// <param name="environment">Variables beside PATH and what .NET needs.</param>
    /// <param name="arguments">Its command line.</param>
    public static async Task<(ApiProcess Process, HttpClient Http)> StartAsync(
        IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        await StartAsync(Router, environment, arguments);

    /// <summary>Starts another project of the solution, from its own output, as <see cref="StartAsync(IReadOnlyDictionary{string, string}, string[])"/> does.</summary>
    public static Task<(ApiProcess Process, HttpClient Http)> StartProjectAsync(
        string project, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        StartAsync(BuiltProject.AssemblyOf(project), environment, arguments);

    private static async Task<(ApiProcess Process, HttpClient Http)> StartAsync(
        string program, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = program.EndsWith(".dll", StringComparison.Ordinal)
            ? new ProcessStartInfo("dotnet", [program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = Path.GetTempPath();

        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("AIROUTER", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return await StartAsync(start);
    }

    /// <summary>Starts any program that says as ours do where it listens, and waits until it has.</summary>
    public static async Task<(ApiProcess Process, HttpClient Http)> StartAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var api = new ApiProcess(new Process { StartInfo = start });
        var address = await api._listening.Task.WaitAsync(StartDeadline);
        return (api, new HttpClient { BaseAddress = address });
    }

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Waits until it has written <paramref name="text"/>.</summary>
    public async Task WaitForOutputAsync(string text, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Eventually.Deadline);
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            await Task.Delay(10, deadline.Token);
        }
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Ends it in good order (SIGTERM) and waits for that.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await SignalAsync("TERM", cancellationToken);
        await EndedAsync(cancellationToken);
    }

    /// <summary>Sends it a signal.</summary>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Waits until it has ended; the result is its exit code.</summary>
    public async Task<int> EndedAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line is not null && ListeningOn().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex("Now listening on: (http://[^ \"]+)")]
    private static partial Regex ListeningOn();
}
