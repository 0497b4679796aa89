using System.Collections.Frozen;
using AiRouter.Api.Routing.Targets;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends;

/// <summary>
/// A configuration and the live backends that belong to it; immutable, swapped whole on reload. Requests hold the one that
/// they began with; when it has been replaced and the last of them has ended, its backends are released.
/// </summary>
internal sealed class RouterState(
    RouterModel model, FrozenDictionary<string, BackendState> backends, FrozenDictionary<string, ModelRoute> routes)
{
    private readonly UseCount _requests = new();

    /// <summary>The validated configuration.</summary>
    public RouterModel Model => model;

    /// <summary>Shorthand for the server's settings.</summary>
    public ServerConfig Server => model.Config.Server;

    /// <summary>Live backends by name.</summary>
    public FrozenDictionary<string, BackendState> Backends => backends;

    /// <summary>Live models by configured name or pattern.</summary>
    public FrozenDictionary<string, ModelRoute> Routes => routes;

    /// <summary>A request begins; false when this state has been replaced and released.</summary>
    public bool TryEnter() => _requests.TryEnter();

    /// <summary>A request has ended, or (once) the state has been replaced.</summary>
    public async ValueTask LeaveAsync()
    {
        if (_requests.Leave())
        {
            foreach (var backend in backends.Values)
            {
                await backend.ReleaseAsync();
            }
        }
    }
}
