using AiRouter.Core.Configuration;
using AiRouter.Triton;
using Microsoft.Extensions.ServiceDiscovery;

namespace AiRouter.Api.Backends.Triton;

/// <summary>Makes backends of kind <c>triton</c>.</summary>
internal sealed class TritonBackendFactory(TritonServices services, ILoggerFactory loggers, ServiceEndpointResolver? resolver = null)
    : IBackendFactory
{
    /// <inheritdoc/>
    public BackendKind Kind => BackendKind.Triton;

    /// <inheritdoc/>
    public IBackend Create(BackendModel model)
    {
        var connector = resolver is null ? null : new ServiceConnector(resolver);
        var client = new TritonClient(TritonClientSettings.Of(model, connector), services.Time, loggers);
        var backend = new TritonBackend(model, client, services);

        // Asked now, in the background, so that the first model list knows it.
        _ = backend.ServerName;
        return backend;
    }
}
