using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Admin;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Management;

/// <summary>Admin as its process runs it, on a loopback port of its own.</summary>
internal sealed class RunningAdmin : IAsyncDisposable
{
    /// <summary>What <c>AIROUTER_ADMIN_KEY</c> is.</summary>
    public const string Key = "the-first-admin-of-the-tests";

    private const string HostPrefix = "ASPNETCORE_";

    private readonly WebApplication _app;
    private readonly LogLines _log;
    private readonly ConcurrentBag<HttpClient> _clients = [];

    private RunningAdmin(WebApplication app, LogLines log)
    {
        _app = app;
        _log = log;
        Root = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = As(Key);
    }

    /// <summary>Where it listens.</summary>
    public Uri Root { get; }

    /// <summary>A client of the first admin, whose base address is <c>/api/v1/</c>.</summary>
    public HttpClient Http { get; }

    /// <summary>Its services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Everything that it has logged.</summary>
    public string Log => _log.ToString();

    /// <summary>Every body that it has answered with, in any order.</summary>
    public ConcurrentBag<string> Answers { get; } = [];

    /// <summary>Starts one with a store of its own.</summary>
    public static async Task<RunningAdmin> StartAsync(StoreServers servers, params (string Name, string? Value)[] variables) =>
        await StartAsync(await servers.ConnectionStringAsync(StoreKind.Redis), Guid.NewGuid().ToString("N"), variables);

    /// <summary>Starts one with a store of its own, whose sessions go by a clock of the test's.</summary>
    public static async Task<RunningAdmin> StartAsync(StoreServers servers, TimeProvider time, params (string Name, string? Value)[] variables) =>
        await StartAsync(await servers.ConnectionStringAsync(StoreKind.Redis), Guid.NewGuid().ToString("N"), time, variables);

    /// <summary>Starts one on a store.</summary>
    /// <param name="connectionString">Where the store is.</param>
    /// <param name="prefix">The installation's.</param>
    /// <param name="variables">More of its environment; null takes one away.</param>
    public static Task<RunningAdmin> StartAsync(string connectionString, string prefix, params (string Name, string? Value)[] variables) =>
        StartAsync(connectionString, prefix, TimeProvider.System, variables);

    private static async Task<RunningAdmin> StartAsync(
        string connectionString, string prefix, TimeProvider time, (string Name, string? Value)[] variables)
    {
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = connectionString,
            ["AIROUTER_STORE_PREFIX"] = prefix,
            ["AIROUTER_ADMIN_KEY"] = Key,
        };
        foreach (var (name, value) in variables)
        {
            environment.Remove(name);
            if (value is not null)
            {
                environment[name] = value;
            }
        }

        var log = new LogLines();

        // What the host itself reads of its environment.
        var host = environment.Where(static v => v.Key.StartsWith(HostPrefix, StringComparison.Ordinal)).Select(static v => $"--{v.Key[HostPrefix.Length..]}={v.Value}");
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0", .. host]);
        builder.AddAdmin(AdminOptions.FromEnvironment(environment).Options!);
        builder.Services.AddSingleton(time);
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        var app = builder.Build();
        app.UseAdmin();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningAdmin(app, log);
    }

    /// <summary>A client with another admin key; null: with none.</summary>
    public HttpClient As(string? key)
    {
        var http = new HttpClient(new Recorder(Answers)) { BaseAddress = new Uri(Root, "/api/v1/") };
        http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        _clients.Add(http);
        return http;
    }

    /// <summary>A client with a new admin key.</summary>
    public async Task<HttpClient> WithRoleAsync(string role, bool readBodies = false, string? name = null)
    {
        var answer = await Http.SendJsonAsync(
            HttpMethod.Post, "admin-keys", $$"""{"name":"{{name ?? role}}","role":"{{role}}","readBodies":{{(readBodies ? "true" : "false")}}}""");
        return As((string)(await answer.JsonAsync())["key"]!);
    }

    /// <summary>Puts a document that a router could serve, and returns its version.</summary>
    public async Task<long> PutConfigurationAsync(string backendUrl = "http://127.0.0.1:9/v1", string more = "")
    {
        var json = """{"backends":{"up":{"url":"URL"}},"models":{"m":{"targets":[{"backend":"up"}]}}MORE}"""
            .Replace("URL", backendUrl, StringComparison.Ordinal).Replace("MORE", more, StringComparison.Ordinal);
        var answer = await Http.SendJsonAsync(HttpMethod.Put, "config", json, "*");
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (long)(await answer.JsonAsync())["version"]!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(deadline.Token);
        await _app.DisposeAsync();
    }

    private sealed class Recorder(ConcurrentBag<string> answers) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false, Expect100ContinueTimeout = Eventually.Deadline })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            await answer.Content.LoadIntoBufferAsync(cancellationToken);
            answers.Add($"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync(cancellationToken)}");
            return answer;
        }
    }

    private sealed class LogLines : ILoggerProvider
    {
        private readonly StringBuilder _lines = new();

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public override string ToString()
        {
            lock (_lines)
            {
                return _lines.ToString();
            }
        }

        public void Dispose()
        {
        }

        private void Add(string line)
        {
            lock (_lines)
            {
                _lines.AppendLine(line);
            }
        }

        private sealed class Logger(LogLines lines, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Add($"{logLevel} {category}: {formatter(state, exception)} {exception}");
        }
    }
}

/// <summary>Requests and answers of the management API.</summary>
internal static class ManagementHttp
{
    /// <summary>Sends JSON.</summary>
    public static Task<HttpResponseMessage> SendJsonAsync(
        this HttpClient http, HttpMethod method, string path, string? json = null, string? ifMatch = null, string type = "application/json")
    {
        var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, type);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The body as JSON.</summary>
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;

    /// <summary>What is there, as JSON.</summary>
    public static async Task<JsonNode> ReadAsync(this HttpClient http, string path)
    {
        var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return await answer.JsonAsync();
    }

    /// <summary>Checks that an answer is a problem of a kind, and returns it.</summary>
    public static async Task<JsonNode> IsProblemAsync(this Task<HttpResponseMessage> sent, int status, string kind)
    {
        var answer = await sent;
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal($"urn:airouter:problem:{kind}", (string?)problem["type"]);
        Assert.Equal(status, (int)problem["status"]!);
        Assert.False(string.IsNullOrEmpty((string?)problem["title"]));
        Assert.False(string.IsNullOrEmpty((string?)problem["detail"]));
        return problem;
    }

    /// <summary>The paths that a problem names.</summary>
    public static IEnumerable<string> Paths(this JsonNode problem) => problem["errors"]!.AsArray().Select(static e => (string)e!["path"]!);
}
