using System.Collections.Concurrent;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Configuration;

public sealed class ReloadTests : IDisposable
{
    private const string First = """
        backends: { a: { url: http://a, apiKey: file:key }, b: { url: http://b } }
        models: { m: { targets: [ { backend: a } ] } }
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-reload-");
    private readonly RecordingLogger _log = new();

    [Fact]
    public async Task Good_edit_is_live_and_unchanged_backends_stay()
    {
        using var live = Start(First);
        var before = live.Current!;
        var told = new List<RouterModel>();
        using (live.OnChange(told.Add))
        {
            await EditAsync(live, First.Replace("http://b", "http://c", StringComparison.Ordinal));
        }

        await EditAsync(live, First.Replace("http://b", "http://d", StringComparison.Ordinal));

        Assert.NotEqual(before.Version, Assert.Single(told).Version);
        Assert.Same(before.Backends["a"], live.Current!.Backends["a"]);
        Assert.Equal("http://d/", live.Current.Backends["b"].Config.Url.ToString());
        Assert.Same(live.Current.Backends["a"], live.Current.Models.All[0].Targets[0].Backend);
    }

    [Fact]
    public async Task Bad_edit_is_logged_with_all_problems_and_changes_nothing()
    {
        using var live = Start(First);
        var before = live.Current;
        await EditAsync(live, First.Replace("backend: a", "backend: z, weight: -1", StringComparison.Ordinal));
        await live.LookAsync(TestContext.Current.CancellationToken);

        Assert.Same(before, live.Current);
        Assert.Single(_log.Entries, e => e.Contains("goes on being served", StringComparison.Ordinal));
        Assert.Single(_log.Entries, e => e.Contains("models.m.targets[0].weight: must be from 0 to 1000", StringComparison.Ordinal));
        Assert.Single(
            _log.Entries, e => e.Contains("models.m.targets[0].backend: there is no backend \"z\"", StringComparison.Ordinal));

        await EditAsync(live, First);
        Assert.Same(before, live.Current);
    }

    [Theory]
    [InlineData("")]
    [InlineData("backends: {")]
    public async Task Emptied_or_cut_file_changes_nothing(string content)
    {
        using var live = Start(First);
        var before = live.Current;
        await EditAsync(live, content);

        Assert.Same(before, live.Current);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"a\\0b\"")]
    [InlineData("/")]
    public async Task Certificate_whose_path_is_none_is_a_problem_like_any_other(string file)
    {
        using var live = Start(First);
        var before = live.Current;
        await EditAsync(live, First.Replace("url: http://b", $"url: https://b, tls: {{ caFile: {file} }}", StringComparison.Ordinal));

        Assert.Same(before, live.Current);
        Assert.Contains(_log.Entries, e => e.Contains("backends.b.tls.caFile", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bug_while_looking_ends_neither_the_host_nor_the_looking()
    {
        Write(First);
        var assets = new BreakableAssets();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging().AddRouterConfiguration(Source with { Assets = assets });
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var live = host.Services.GetRequiredService<IRouterConfiguration>();
        var changed = new TaskCompletionSource();
        using var subscription = live.OnChange(_ => changed.TrySetResult());
        assets.Break();
        Write(First.Replace("http://b", "http://c", StringComparison.Ordinal));

        await assets.WasAsked.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        assets.Mend();
        await changed.Task.WaitAsync(Deadline, TestContext.Current.CancellationToken);

        Assert.Equal("http://c/", live.Current!.Backends["b"].Config.Url.ToString());
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Deleted_file_changes_nothing_and_its_return_is_seen()
    {
        using var live = Start(First);
        var before = live.Current;
        File.Delete(ConfigFile);
        await live.LookAsync(TestContext.Current.CancellationToken);
        Assert.Same(before, live.Current);

        await EditAsync(live, First.Replace("http://b", "http://c", StringComparison.Ordinal));
        Assert.Equal("http://c/", live.Current!.Backends["b"].Config.Url.ToString());
    }

    [Fact]
    public async Task R42_rotated_secret_is_live()
    {
        using var live = Start(First);
        var before = live.Current!;
        File.WriteAllText(Path.Combine(_folder.FullName, "key"), "second");
        await live.LookAsync(TestContext.Current.CancellationToken);

        Assert.Equal("second", live.Current!.Backends["a"].Credential.Secret);
        Assert.Same(before.Backends["b"], live.Current.Backends["b"]);
        Assert.Equal(before.Version, live.Current.Version);
        Assert.DoesNotContain(_log.Entries, e => e.Contains("second", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Secret_that_comes_late_makes_a_refused_edit_good()
    {
        using var live = Start(First);
        await EditAsync(live, First.Replace("file:key", "file:late", StringComparison.Ordinal));
        Assert.Equal("first", live.Current!.Backends["a"].Credential.Secret);

        File.WriteAllText(Path.Combine(_folder.FullName, "late"), "third");
        await live.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal("third", live.Current.Backends["a"].Credential.Secret);
    }

    [Fact]
    public async Task R42_swapped_link_of_a_Kubernetes_volume_is_seen()
    {
        Mount("..1", First);
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "..data"), "..1");
        File.CreateSymbolicLink(ConfigFile, "..data/airouter.yaml");
        using var live = Start(null);

        Mount("..2", First.Replace("http://b", "http://c", StringComparison.Ordinal));
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "..data_tmp"), "..2");
        Directory.Delete(Path.Combine(_folder.FullName, "..data"));
        Directory.Move(Path.Combine(_folder.FullName, "..data_tmp"), Path.Combine(_folder.FullName, "..data"));
        await live.LookAsync(TestContext.Current.CancellationToken);

        Assert.Equal("http://c/", live.Current!.Backends["b"].Config.Url.ToString());

        void Mount(string version, string content)
        {
            Directory.CreateDirectory(Path.Combine(_folder.FullName, version));
            File.WriteAllText(Path.Combine(_folder.FullName, version, "airouter.yaml"), content);
        }
    }

    [Fact]
    public async Task Listener_that_fails_keeps_nobody_else_from_being_told()
    {
        using var live = Start(First);
        var told = 0;
        using var bad = live.OnChange(_ => throw new InvalidOperationException("no"));
        using var good = live.OnChange(_ => told++);
        await EditAsync(live, First.Replace("http://b", "http://c", StringComparison.Ordinal));

        Assert.Equal(1, told);
    }

    [Fact]
    public async Task R42_good_edit_is_live_within_two_seconds()
    {
        Write(First);
        var time = new WatchedTime();
        using var host = Build(time);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var live = host.Services.GetRequiredService<IRouterConfiguration>();
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = live.OnChange(_ => changed.TrySetResult());
        await time.WaitForAsync(LiveRouterConfiguration.Interval);
        var started = time.GetUtcNow();

        // The worst moment for an edit is just after a look: the next one is a whole interval away.
        Write(First.Replace("http://b", "http://c", StringComparison.Ordinal));
        time.Advance(LiveRouterConfiguration.Interval);
        await time.WaitForAsync(LiveRouterConfiguration.Settling);
        time.Advance(LiveRouterConfiguration.Settling);
        await changed.Task.WaitAsync(Deadline, TestContext.Current.CancellationToken);

        Assert.Equal("http://c/", live.Current!.Backends["b"].Config.Url.ToString());
        Assert.True(time.GetUtcNow() - started < TimeSpan.FromSeconds(2));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Host_does_not_start_on_a_wrong_file()
    {
        Write(First.Replace("backend: a", "backend: z", StringComparison.Ordinal));
        using var host = Build();

        var failure = await Assert.ThrowsAsync<InvalidConfigurationException>(
            () => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("there is no backend \"z\"", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string ConfigFile => Path.Combine(_folder.FullName, "airouter.yaml");

    private RouterConfigurationSource Source => new() { File = ConfigFile, IsFileNamed = true, SecretsFolder = _folder.FullName };

    private IHost Build(TimeProvider? time = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddLogging().AddRouterConfiguration(Source);
        return builder.Build();
    }

    private LiveRouterConfiguration Start(string? content)
    {
        Write(content);
        var live = new LiveRouterConfiguration(
            Source,
            new FileDocument(Source),
            new AuthenticationLatch(Source, NullLogger<AuthenticationLatch>.Instance),
            TimeProvider.System,
            _log);
        return live.Begin(RouterConfigurationLoader.Load(Source));
    }

    private void Write(string? content)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "key"), "first\n");
        if (content is not null)
        {
            File.WriteAllText(ConfigFile, content);
        }
    }

    private async Task EditAsync(LiveRouterConfiguration live, string content)
    {
        File.WriteAllText(ConfigFile, content);
        await live.LookAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A clock that the test moves, and that tells when somebody begins to wait for a time.</summary>
    private sealed class WatchedTime : FakeTimeProvider
    {
        private readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> _waits = [];

        public Task WaitForAsync(TimeSpan time) =>
            Wait(time).Task.WaitAsync(Deadline, TestContext.Current.CancellationToken);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Wait(dueTime).TrySetResult();
            return timer;
        }

        private TaskCompletionSource Wait(TimeSpan time) => _waits.GetOrAdd(
            time, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    /// <summary>A part of the loading that fails as only a bug does.</summary>
    private sealed class BreakableAssets : IModelAssets
    {
        private readonly TaskCompletionSource _wasAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isBroken;

        public Task WasAsked => _wasAsked.Task;

        public IReadOnlyCollection<string> ToolCallParsers => [];

        public IReadOnlyCollection<string> ReasoningParsers => [];

        public void Break() => _isBroken = true;

        public void Mend() => _isBroken = false;

        public IPromptAsset? LoadFormat(string promptFormat, PromptConfig prompt, AssetLoad load)
        {
            if (_isBroken)
            {
                _wasAsked.TrySetResult();
                throw new InvalidOperationException("a bug");
            }

            return null;
        }

        public ITokenCounter? LoadTokenizer(string tokenizer, AssetLoad load) => null;
    }

    private sealed class RecordingLogger : Microsoft.Extensions.Logging.ILogger<LiveRouterConfiguration>
    {
        public List<string> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel,
            Microsoft.Extensions.Logging.EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => Entries.Add(formatter(state, exception));
    }
}
