using System.Net;
using AiRouter.Api;
using AiRouter.Api.Authentication;
using AiRouter.Core.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Fixtures;

/// <summary>The data plane as <c>serve</c> starts it, on a loopback port of its own.</summary>
internal sealed class RunningRouter : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningRouter(WebApplication app, FixedConfiguration configuration)
    {
        _app = app;
        Configuration = configuration;
        Root = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(Root, "/v1/"),
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Its configuration, to be changed while it runs.</summary>
    public FixedConfiguration Configuration { get; }

    /// <summary>Where it listens.</summary>
    public Uri Root { get; }

    /// <summary>A client whose base address is <c>/v1/</c>.</summary>
    public HttpClient Http { get; }

    /// <summary>Its services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts one.</summary>
    /// <param name="config">What it serves.</param>
    /// <param name="configure">Replaces services (a clock, a key history).</param>
    public static Task<RunningRouter> StartAsync(RouterConfig config, Action<IServiceCollection>? configure = null) =>
        StartAsync(new FixedConfiguration(config), configure);

    /// <summary>Starts one from the text of a configuration file.</summary>
    public static Task<RunningRouter> StartAsync(string yaml, Action<IServiceCollection>? configure = null) =>
        StartAsync(new FixedConfiguration(yaml), configure);

    /// <summary>Starts one from the text of a configuration file, with variables of its own: secrets, and overrides.</summary>
    public static Task<RunningRouter> StartAsync(string yaml, IReadOnlyDictionary<string, string> environment) =>
        StartAsync(new FixedConfiguration(yaml, environment), null);

    private static async Task<RunningRouter> StartAsync(FixedConfiguration configuration, Action<IServiceCollection>? configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IRouterConfiguration>(configuration);
        builder.Services.AddSingleton<IKeyHistory>(new FixedKeyHistory(configuration.Current!.Keys.Count > 0));
        builder.Services.AddRouter();
        configure?.Invoke(builder.Services);

        // Last, so that a test's endpoint defaults hold for it.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.UseRouter();
        await app.StartAsync();
        return new RunningRouter(app, configuration);
    }

    /// <summary>Starts one that knows one model, <c>public-model</c>, at one backend where it is called <c>backend-model</c>.</summary>
    public static Task<RunningRouter> StartAsync(
        ScriptedUpstream upstream,
        Func<BackendConfig, BackendConfig>? backend = null,
        Func<TargetConfig, TargetConfig>? target = null,
        Func<ModelConfig, ModelConfig>? model = null,
        Func<RouterConfig, RouterConfig>? config = null,
        Action<IServiceCollection>? configure = null)
    {
        var backendConfig = new BackendConfig { Kind = BackendKind.OpenAi, Url = upstream.Url };
        var targetConfig = new TargetConfig { Backend = "upstream", Model = "backend-model" };
        var modelConfig = new ModelConfig { Targets = [target?.Invoke(targetConfig) ?? targetConfig] };
        var whole = new RouterConfig
        {
            Backends = new Dictionary<string, BackendConfig> { ["upstream"] = backend?.Invoke(backendConfig) ?? backendConfig },
            Models = new Dictionary<string, ModelConfig> { ["public-model"] = model?.Invoke(modelConfig) ?? modelConfig },
        };
        return StartAsync(config?.Invoke(whole) ?? whole, configure);
    }

    /// <summary>Posts JSON.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string json) =>
        Http.PostAsync(path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(deadline.Token);
        await _app.DisposeAsync();
    }
}
