using AiRouter.Api.Admission;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Objects;
using AiRouter.Api.Requests;
using AiRouter.Api.Sockets;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using Microsoft.Extensions.ServiceDiscovery.Http;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>Makes backends that are asked over HTTP, in the words of the OpenAI API or in those that these are translated to.</summary>
internal sealed class HttpBackends(
    TimeProvider timeProvider,
    KeepAliveClock clock,
    BodyBudget budget,
    ObjectOwners owners,
    RequestAdmission admission,
    SocketRelay sockets,
    IConfiguration configuration,
    IEnumerable<IServiceDiscoveryHttpMessageHandlerFactory> discovery)
{
    /// <summary>Makes one.</summary>
    /// <param name="model">What it is made from.</param>
    /// <param name="translate">Puts a translation around its connections; null: there is none.</param>
    public OpenAiBackend Create(BackendModel model, Func<IUpstream, IUpstream>? translate = null)
    {
        return new OpenAiBackend(
            model, Connections, timeProvider, clock, budget, owners, admission, new SocketUpgrade(() => Handler(model.Config)), sockets);

        IUpstream Connections() => translate is null ? Connect(model.Config) : translate(Connect(model.Config));
    }

    private IUpstream Connect(BackendConfig config) => config.Paths.Values.Prepend(config.Url).All(IsPlain)
        ? new SocketUpstream(new SocketSettings(config, timeProvider))
        : new ClientUpstream(() => Handler(config));

    private HttpMessageHandler Handler(BackendConfig config) => UpstreamHandler.Create(config, discovery.FirstOrDefault());

    /// <summary>No TLS, and no name that service discovery knows several addresses for: it spreads requests over them.</summary>
    private bool IsPlain(Uri url) =>
        url.Scheme == Uri.UriSchemeHttp && !configuration.GetSection($"Services:{url.Host}").Exists();
}
