using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>Makes backends that speak the OpenAI API over HTTP.</summary>
internal sealed class OpenAiBackendFactory(HttpBackends http) : IBackendFactory
{
    /// <inheritdoc/>
    public BackendKind Kind => BackendKind.OpenAi;

    /// <inheritdoc/>
    public IBackend Create(BackendModel model) => http.Create(model);
}
