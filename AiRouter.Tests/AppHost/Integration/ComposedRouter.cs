using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Telemetry.Otlp;
using Xunit.Sdk;

namespace AiRouter.Tests.AppHost.Integration;

/// <summary>The whole composition, started by the AppHost in the form that was built: store, simulator, router and Admin, with a
/// collector of the test's own and, where redis-server is installed, a Redis that the test can stop.</summary>
public sealed class ComposedRouter : IAsyncLifetime
{
    private readonly RunOptions _options = new();
    private IRunningForm? _form;
    private OtlpCollector? _collector;

    /// <summary>The router, with a client key.</summary>
    internal HttpClient Api { get; private set; } = null!;

    /// <summary>The router, without a key.</summary>
    internal HttpClient Stranger { get; private set; } = null!;

    /// <summary>Admin's management API, as the first admin.</summary>
    internal HttpClient Admin { get; private set; } = null!;

    /// <summary>The store, if the test can stop it.</summary>
    internal RedisServer? Redis { get; private set; }

    /// <summary>What is known of it beforehand.</summary>
    internal RouterTopology Topology { get; private set; } = null!;

    /// <summary>Where telemetry goes.</summary>
    internal OtlpCollector Collector => _collector!;

    /// <summary>The AppHost.</summary>
    internal IRunningForm Form => _form!;

    /// <summary>The file that the store began with.</summary>
    internal string ConfigFile => _options.ConfigFile;

    public async ValueTask InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        Redis = await OwnRedisAsync();
        string[] redis = Redis is null ? [] : ["--redis", Redis.ConnectionString];
        string[] arguments = [.. _options.Arguments("--seed"), .. redis];
        _form = await AppHostForm.StartAsync(_options, arguments, _collector.GrpcEndpoint);

        Topology = TopologyOf(arguments);
        Stranger = new HttpClient { BaseAddress = Topology.Api.Reachable };
        Api = new HttpClient { BaseAddress = Topology.Api.Reachable };
        Admin = new HttpClient { BaseAddress = new Uri(Topology.Admin.Reachable, "/api/v1/") };
        Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", Topology.Admin.Environment[Wiring.Variables.AdminKey]);
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await MakeKeyAsync("the tests"));
        await Eventually.HoldsAsync(async () => await StatusAsync(Stranger) == HttpStatusCode.Unauthorized);
    }

    /// <summary>Makes a client key: its secret.</summary>
    internal async Task<string> MakeKeyAsync(string name)
    {
        using var made = await Admin.PostAsJsonAsync("keys", new { name }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var key = await made.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return key.GetProperty("key").GetString()!;
    }

    /// <summary>How the router answers a list of models.</summary>
    internal static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>The names of the models that the router lists.</summary>
    internal async Task<IReadOnlyList<string>> ModelsAsync()
    {
        var list = await Api.GetFromJsonAsync<JsonElement>("/v1/models", TestContext.Current.CancellationToken);
        return [.. list.GetProperty("data").EnumerateArray().Select(static model => model.GetProperty("id").GetString()!)];
    }

    /// <summary>A chat in one piece.</summary>
    internal Task<HttpResponseMessage> ChatAsync(string model) => Api.PostAsJsonAsync(
        "/v1/chat/completions",
        new { model, messages = new[] { new { role = "user", content = "Hello!" } } },
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        Admin?.Dispose();
        Stranger?.Dispose();
        if (_form is not null)
        {
            await _form.DisposeAsync();
        }

        if (Redis is not null)
        {
            await Redis.DisposeAsync();
        }

        if (_collector is not null)
        {
            await _collector.DisposeAsync();
        }

        _options.Dispose();
    }

    private static async Task<RedisServer?> OwnRedisAsync()
    {
        try
        {
            // Tests come in any order: what is in the store outlives the one that stops it.
            return await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        }
        catch (SkipException)
        {
            // Then the embedded store is what is tested, which the test cannot stop.
            return null;
        }
    }

    private RouterTopology TopologyOf(string[] arguments)
    {
        var options = CommandLine.Parse(arguments).Options!;
        var redis = Redis is null ? RedisBacking.Embedded : RedisBacking.External;
        return RouterTopology.Of(
            options,
            new Backings(TritonBacking.Simulator, redis),
            new RunFiles(_options.ConfigFile, _options.DataFolder, string.Empty, Form.AdminKey, null));
    }
}
