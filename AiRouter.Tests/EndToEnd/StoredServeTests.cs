using System.Net;
using System.Net.Http.Headers;
using AiRouter.Api.Commands;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Routers with a store as they are published: processes that know their environment only.</summary>
public sealed class StoredServeTests : IDisposable
{
    private const string Key = "sk-air-test-key-of-the-stored-serve-tests";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-stored-serve-");

    [Fact]
    public async Task Two_processes_follow_one_store_survive_its_loss_and_an_operator_puts_it_back()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = await RouterAsync(redis, "one", Yaml("a"));
        await using var second = await RouterAsync(redis, "two", Yaml("other"));
        Assert.Equal(("a", "a"), (await first.ModelAsync(), await second.ModelAsync()));

        await using var store = await OpenAsync(redis);
        var configurations = new AiRouter.Core.Configuration.Stored.ConfigurationStore(store);
        var (config, _) = ConfigurationJson.ReadYaml(Yaml("b"), "test");
        await configurations.SaveAsync(new ConfigurationSave(ConfigurationJson.Write(config!), "ann", null, []), 1, Token);
        await Eventually.HoldsAsync(async () => (await first.ModelAsync(), await second.ModelAsync()) == ("b", "b"));

        await Eventually.HoldsAsync(async () => (await configurations.ReadStateAsync(null, Token)).HighestServed == 2);
        await redis.ExecuteAsync("FLUSHALL");
        await redis.ExecuteAsync("PUBLISH", configurations.ChangedChannel, "0"); // They would look within 10 s anyway.
        await first.Process.WaitForOutputAsync("airouter restore", Token);
        Assert.Equal(("b", "b"), (await first.ModelAsync(), await second.ModelAsync()));
        Assert.Contains("the store has lost version 2", await first.ReadyAsync(), StringComparison.Ordinal);

        var (code, output) = await RestoreAsync(redis, "one");
        Assert.Equal(0, code);
        Assert.Contains("The configuration is back: version 2 of ", output, StringComparison.Ordinal);
        Assert.Equal("restore", (await configurations.ReadAsync(Token))!.By);
        await Eventually.HoldsAsync(async () => (await second.ReadyAsync()).Contains("version 3 of the store", StringComparison.Ordinal));
        Assert.Equal("b", await first.ModelAsync());
    }

    [Fact]
    public async Task R36_process_starts_and_serves_without_its_store_and_says_so()
    {
        await using var redis = await RedisServer.StartAsync();
        await using (var before = await RouterAsync(redis, "one", Yaml("a")))
        {
            await Eventually.HoldsAsync(() => File.Exists(Path.Combine(_folder.FullName, "one", "snapshot.json")));
        }

        await redis.KillAsync();
        await using var router = await RouterAsync(redis, "one", Yaml("other"));

        Assert.Equal("a", await router.ModelAsync());
        var ready = await router.ReadyAsync();
        Assert.Contains("\"status\":\"ready\"", ready, StringComparison.Ordinal);
        Assert.Contains("router\\u0027s own copy of", ready, StringComparison.Ordinal);
        Assert.Contains("router's own copy of", router.Process.Output, StringComparison.Ordinal);
        var metrics = await router.Http.GetStringAsync("/metrics", Token);
        Assert.Matches("airouter_store_up[^\n]* 0\\b", metrics);
        Assert.Matches("airouter_configuration_version[^\n]* 1\\b", metrics);

        router.Http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal("""{"status":"ready"}""", await router.Http.GetStringAsync("/health/ready", Token));
    }

    [Fact]
    public async Task R1_process_without_store_and_copy_answers_503_until_the_store_is_there()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.KillAsync();
        await using var router = await RouterAsync(redis, "one", Yaml("a"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await router.Http.GetAsync("/health/ready", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await router.Http.GetAsync("/v1/models", Token)).StatusCode);

        await redis.StartAgainAsync();
        await Eventually.HoldsAsync(async () => (await router.Http.GetAsync("/health/ready", Token)).IsSuccessStatusCode);

        // Configuration and keys are read one after the other; until the keys are known nobody is let in.
        await Eventually.HoldsAsync(async () => (await router.Http.GetAsync("/v1/models", Token)).IsSuccessStatusCode);
        Assert.Equal("a", await router.ModelAsync());
    }

    [Theory]
    [InlineData("ConnectionStrings__redis", "airouter: restore needs AIROUTER_DATA")]
    [InlineData("AIROUTER_DATA", "airouter: restore needs ConnectionStrings__redis")]
    public async Task Restore_says_what_it_needs(string given, string sentence)
    {
        var (code, output) = await RestoreAsync(new Dictionary<string, string> { [given] = "127.0.0.1:1" });

        Assert.Equal((1, sentence), (code, output.Trim()));
    }

    [Fact]
    public async Task Restore_without_a_copy_or_over_a_document_changes_nothing()
    {
        await using var redis = await RedisServer.StartAsync();
        Assert.Equal((1, "There is no copy to restore from."), await Trimmed(RestoreAsync(redis, "one")));

        await using (var router = await RouterAsync(redis, "one", Yaml("a")))
        {
            await Eventually.HoldsAsync(() => File.Exists(Path.Combine(_folder.FullName, "one", "snapshot.json")));
        }

        var (code, output) = await RestoreAsync(redis, "one");
        Assert.Equal(0, code);
        Assert.Contains("it is left as it is", output, StringComparison.Ordinal);

        static async Task<(int, string)> Trimmed(Task<(int Code, string Output)> run) => ((await run).Code, (await run).Output.Trim());
    }

    [Fact]
    public async Task Mode_that_means_nothing_is_one_sentence()
    {
        using var error = new StringWriter();
        var code = await CommandTable.RunAsync(
            ["check"], Context(new Dictionary<string, string> { ["AIROUTER_CONFIG_MODE"] = "git" }, TextWriter.Null, error));

        Assert.Equal((1, "airouter: AIROUTER_CONFIG_MODE must be seed or gitops, not \"git\""), (code, error.ToString().Trim()));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Yaml(string model) => $$"""
        backends: { up: { kind: openai, url: "http://127.0.0.1:9/v1" } }
        models: { {{model}}: { targets: [ { backend: up } ] } }
        keys: [ { name: k, hash: "{{ClientKeySecret.HashOf(Key)}}" } ]
        """;

    private static async Task<RedisStore> OpenAsync(StoreServer server)
    {
        var store = new RedisStore(
            new RedisStoreOptions { ConnectionString = server.ConnectionString },
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<RedisStore>.Instance);
        await store.StartAsync(Token);
        return store;
    }

    private async Task<Router> RouterAsync(StoreServer server, string name, string yaml)
    {
        var environment = Environment(server, name);
        environment["AIROUTER_CONFIG_YAML"] = yaml;
        var (process, http) = await ApiProcess.StartAsync(environment);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return new Router(process, http);
    }

    private Dictionary<string, string> Environment(StoreServer server, string name) => new()
    {
        ["ConnectionStrings__redis"] = server.ConnectionString,
        ["AIROUTER_DATA"] = Path.Combine(_folder.FullName, name),
    };

    private Task<(int Code, string Output)> RestoreAsync(StoreServer server, string name) => RestoreAsync(Environment(server, name));

    private static async Task<(int Code, string Output)> RestoreAsync(Dictionary<string, string> environment)
    {
        using var output = new StringWriter();
        return (await CommandTable.RunAsync(["restore"], Context(environment, output, output)), output.ToString());
    }

    private static CommandContext Context(Dictionary<string, string> environment, TextWriter output, TextWriter error) => new()
    {
        Options = new Dictionary<string, string>(),
        Environment = environment,
        Input = TextReader.Null,
        Output = output,
        Error = error,
    };

    private sealed record Router(ApiProcess Process, HttpClient Http) : IAsyncDisposable
    {
        /// <summary>The one model that it lists.</summary>
        public async Task<string> ModelAsync()
        {
            using var list = System.Text.Json.JsonDocument.Parse(await Http.GetStringAsync("/v1/models", Token));
            return list.RootElement.GetProperty("data")[0].GetProperty("id").GetString()!;
        }

        public Task<string> ReadyAsync() => Http.GetStringAsync("/health/ready", Token);

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await Process.DisposeAsync();
        }
    }
}
