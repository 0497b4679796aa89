using System.Diagnostics;
using AiRouter.AppHost.Runner;
using AiRouter.AppHost.Topology;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.AppHost;

public sealed class ProcessRunnerTests : IAsyncLifetime
{
    private readonly StringWriter _output = new();
    private readonly TextWriter _writer;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _started = [];
    private TimeProvider _time = TimeProvider.System;
    private FakeResource _triton = null!;
    private FakeResource _api = null!;
    private FakeResource _admin = null!;
    private string _apiListensOn = "127.0.0.1";

    // The runner's threads write while the test reads.
    public ProcessRunnerTests() => _writer = TextWriter.Synchronized(_output);

    private string Output
    {
        get
        {
            lock (_writer)
            {
                return _output.ToString();
            }
        }
    }

    private static CancellationToken Deadline => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The children of these tests are shell scripts.");
        _triton = await FakeResource.StartAsync("triton", "grpc");
        _api = await FakeResource.StartAsync("api", "http");
        _admin = await FakeResource.StartAsync("admin", "http");
    }

    public async ValueTask DisposeAsync()
    {
        if (_triton is not null)
        {
            await _triton.DisposeAsync();
            await _api.DisposeAsync();
            await _admin.DisposeAsync();
        }

        _stop.Dispose();
        await _writer.DisposeAsync();
    }

    [Fact]
    public async Task Everything_healthy_is_announced_and_a_stop_leaves_nothing_behind()
    {
        _triton.Script = _api.Script = "echo $GREETING $$; exec sleep 600";

        var run = RunAsync();
        await _announced.Task.WaitAsync(TimeSpan.FromSeconds(30), Deadline);

        // The listener in this test is healthy before the shell has said anything.
        await Eventually.HoldsAsync(() => ProcessIds().Count() == 2);
        await _stop.CancelAsync();

        Assert.Null(await run);
        Assert.Equal(["triton", "api", "admin"], _started);
        var lines = Output.Split(Environment.NewLine);
        Assert.Contains(lines, static line => line.StartsWith("triton | hello triton ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("api    | hello api ", StringComparison.Ordinal));
        Assert.All(ProcessIds(), static id => Assert.False(IsRunning(id)));
    }

    [Fact]
    public async Task Router_starts_only_when_Triton_is_healthy()
    {
        _triton.IsHealthy = false;

        var run = RunAsync();
        await Eventually.HoldsAsync(() => Output.Contains("triton | up", StringComparison.Ordinal));
        Assert.Equal(["triton"], _started);

        _triton.IsHealthy = true;
        await _announced.Task.WaitAsync(TimeSpan.FromSeconds(30), Deadline);
        Assert.Equal(["triton", "api", "admin"], _started);

        await _stop.CancelAsync();
        Assert.Null(await run);
    }

    [Fact]
    public async Task Process_that_ends_before_it_is_healthy_is_named_and_the_others_are_stopped()
    {
        _api.IsHealthy = false;
        _api.Script = "echo no configuration >&2; exit 7";
        _triton.Script = "echo $GREETING $$; exec sleep 600";

        var failure = await RunAsync();

        Assert.Equal("api ended by itself with exit code 7; its last lines are above", failure);
        Assert.False(_announced.Task.IsCompleted);
        Assert.Contains("api    | no configuration", Output, StringComparison.Ordinal);
        Assert.All(ProcessIds(), static id => Assert.False(IsRunning(id)));
    }

    [Fact]
    public async Task Process_that_ends_later_is_not_restarted_and_ends_the_run()
    {
        var file = Path.GetTempFileName();
        _triton.Script = $"while [ -e '{file}' ]; do sleep 0.05; done; exit 3";

        var run = RunAsync();
        await _announced.Task.WaitAsync(TimeSpan.FromSeconds(30), Deadline);
        File.Delete(file);

        Assert.Equal("triton ended by itself with exit code 3; its last lines are above", await run);
        Assert.Equal(["triton", "api", "admin"], _started);
    }

    [Fact]
    public async Task Child_that_obeys_Ctrl_C_before_the_runner_hears_of_it_is_no_failure()
    {
        // The clock stands still, so that the runner waits as long as this test takes.
        _time = new FakeTimeProvider();
        var file = Path.GetTempFileName();
        _triton.Script = $"while [ -e '{file}' ]; do sleep 0.05; done; echo obeyed";

        var run = RunAsync();
        await _announced.Task.WaitAsync(TimeSpan.FromSeconds(30), Deadline);
        File.Delete(file);
        await Eventually.HoldsAsync(() => Output.Contains("triton | obeyed", StringComparison.Ordinal));
        await _stop.CancelAsync();

        Assert.Null(await run);
    }

    [Fact]
    public async Task Router_that_listens_on_every_address_is_asked_on_loopback()
    {
        _apiListensOn = "0.0.0.0";

        var run = RunAsync();
        await _announced.Task.WaitAsync(TimeSpan.FromSeconds(30), Deadline);
        await _stop.CancelAsync();

        Assert.Null(await run);
    }

    private async Task<string?> RunAsync()
    {
        var topology = new RouterTopology
        {
            Backings = new Backings(TritonBacking.Simulator, RedisBacking.External),
            Triton = _triton.Process.Endpoint,
            Simulator = _triton.Process,
            Api = _api.Process with { Endpoint = new UriBuilder(_api.Process.Endpoint) { Host = _apiListensOn }.Uri },
            Admin = _admin.Process,
            ConfigFile = "x",
        };
        await using var runner = new ProcessRunner(_writer, Start, _time);
        return await runner.RunAsync(topology, _announced.SetResult, _stop.Token);
    }

    private ProcessStartInfo Start(ResourceProcess process)
    {
        _started.Add(process.Name);
        return (process.Name == "triton" ? _triton : process.Name == "api" ? _api : _admin).StartInfo();
    }

    // The scripts greet with their process's number.
    private IEnumerable<int> ProcessIds() => Output.Split(Environment.NewLine)
        .Where(static line => line.Contains("hello", StringComparison.Ordinal))
        .Select(static line => int.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
