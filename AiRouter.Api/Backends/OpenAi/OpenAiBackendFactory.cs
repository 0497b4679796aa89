using AiRouter.Api.Admission;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Objects;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using Microsoft.Extensions.ServiceDiscovery.Http;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>Makes backends that speak the OpenAI API over HTTP.</summary>
internal sealed class OpenAiBackendFactory(
    TimeProvider timeProvider,
    KeepAliveClock clock,
    BodyBudget budget,
    ObjectOwners owners,
    RequestAdmission admission,
    IConfiguration configuration,
    IEnumerable<IServiceDiscoveryHttpMessageHandlerFactory> discovery) : IBackendFactory
{
    /// <inheritdoc/>
    public BackendKind Kind => BackendKind.OpenAi;

    /// <inheritdoc/>
    public IBackend Create(BackendModel model) =>
        new OpenAiBackend(model, () => Connect(model.Config), timeProvider, clock, budget, owners, admission);

    private IUpstream Connect(BackendConfig config) => config.Paths.Values.Prepend(config.Url).All(IsPlain)
        ? new SocketUpstream(new SocketSettings(config, timeProvider))
        : new ClientUpstream(() => UpstreamHandler.Create(config, discovery.FirstOrDefault()));

    /// <summary>No TLS, and no name that service discovery knows several addresses for: it spreads requests over them.</summary>
    private bool IsPlain(Uri url) =>
        url.Scheme == Uri.UriSchemeHttp && !configuration.GetSection($"Services:{url.Host}").Exists();
}
