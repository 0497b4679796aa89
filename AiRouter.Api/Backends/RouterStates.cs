using System.Collections.Frozen;
using AiRouter.Api.Routing.Targets;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends;

/// <summary>Keeps the current <see cref="RouterState"/>: one new state for each new configuration, backends reused.</summary>
internal sealed partial class RouterStates : IAsyncDisposable
{
    private readonly FrozenDictionary<BackendKind, IBackendFactory> _factories;
    private readonly RouteServices _services;
    private readonly ILogger<RouterStates> _logger;
    private readonly IDisposable _subscription;
    private readonly Lock _swap = new();
    private RouterState? _current;
    private bool _isDisposed;

    /// <summary>Follows <paramref name="configuration"/> from now on.</summary>
    public RouterStates(
        IRouterConfiguration configuration, IEnumerable<IBackendFactory> factories, RouteServices services,
        ILogger<RouterStates> logger)
    {
        _services = services;
        _factories = factories.ToFrozenDictionary(f => f.Kind);
        _logger = logger;
        _subscription = configuration.OnChange(Apply);
        if (configuration.Current is { } model)
        {
            Apply(model);
        }
    }

    /// <summary>Whether there has been a configuration at all.</summary>
    public bool IsConfigured => Volatile.Read(ref _current) is not null;

    /// <summary>
    /// What is served now, to look at what is live in it; whoever sends something <see cref="Enter"/>s it. Null before the first
    /// configuration.
    /// </summary>
    public RouterState? Current => Volatile.Read(ref _current);

    /// <summary><c>server.basePath</c> of the current configuration; without a trailing slash, empty for the root.</summary>
    public PathString BasePath => Volatile.Read(ref _current)?.Server.BasePath.TrimEnd('/') ?? "";

    /// <summary><c>server.corsOrigins</c> of the current configuration.</summary>
    public IReadOnlyList<string> CorsOrigins => Volatile.Read(ref _current)?.Server.CorsOrigins ?? [];

    /// <summary><c>server.trustedProxies</c> of the current configuration.</summary>
    public IReadOnlyList<string> TrustedProxies => Volatile.Read(ref _current)?.Server.TrustedProxies ?? [];

    /// <summary><c>server.drainSeconds</c> of the current configuration.</summary>
    public TimeSpan DrainTime => TimeSpan.FromSeconds((Volatile.Read(ref _current)?.Server ?? new ServerConfig()).DrainSeconds);

    /// <summary>The models of the current configuration; for what is counted of them, not to send requests.</summary>
    public IEnumerable<ModelRoute> Routes => Volatile.Read(ref _current)?.Routes.Values ?? [];

    /// <summary>The state for a new request, entered (leave it at the end); null before the first configuration.</summary>
    public RouterState? Enter()
    {
        while (Volatile.Read(ref _current) is { } state)
        {
            if (state.TryEnter())
            {
                return state;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _subscription.Dispose();
        RouterState? last;
        lock (_swap)
        {
            last = _current;
            _current = null;
            _isDisposed = true;
        }

        if (last is not null)
        {
            await last.LeaveAsync();
        }
    }

    private void Apply(RouterModel model)
    {
        RouterState? replaced;
        lock (_swap)
        {
            // A configuration that was just being told when the subscription ended would have nobody to release it.
            replaced = _current;
            if (_isDisposed || replaced?.Model == model)
            {
                return;
            }

            var backends = Backends(model, replaced);
            Volatile.Write(ref _current, new RouterState(model, backends, ModelRoute.BuildAll(model, backends, replaced, _services)));
        }

        if (replaced is not null)
        {
            _ = ReleaseAsync(replaced);
        }
    }

    private FrozenDictionary<string, BackendState> Backends(RouterModel model, RouterState? replaced) =>
        model.Backends.Values.ToFrozenDictionary(b => b.Name, b => Reuse(b, replaced) ?? Create(b), StringComparer.Ordinal);

    /// <summary>A configuration keeps the object of a backend that has not changed, its secrets and certificates included.</summary>
    private static BackendState? Reuse(BackendModel backend, RouterState? replaced) =>
        replaced is not null && replaced.Backends.TryGetValue(backend.Name, out var old) &&
        ReferenceEquals(old.Backend.Model, backend) && old.TryHold()
            ? old
            : null;

    private BackendState Create(BackendModel backend) =>
        new(_factories[backend.Config.Kind].Create(backend));

    private async Task ReleaseAsync(RouterState replaced)
    {
        try
        {
            await replaced.LeaveAsync();
        }
        catch (IOException exception)
        {
            LogReleaseFailed(exception);
        }
    }

    [LoggerMessage(2081, LogLevel.Warning, "A replaced backend could not be closed cleanly")]
    private partial void LogReleaseFailed(Exception exception);
}
