using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.Anthropic;

/// <summary>Makes backends that speak Anthropic's Messages API.</summary>
internal sealed class AnthropicBackendFactory(
    HttpBackends http, BodyBudget budget, IRouterConfiguration configuration, TimeProvider timeProvider) : IBackendFactory
{
    private readonly AnswerMemory _memory = new(
        budget, () => (configuration.Current?.Config.Server ?? new ServerConfig()).MaxBufferedMiB * 1024L * 1024);

    /// <inheritdoc/>
    public BackendKind Kind => BackendKind.Anthropic;

    /// <inheritdoc/>
    public IBackend Create(BackendModel model)
    {
        var headers = new AnthropicHeaders(model.Headers);
        return new AnthropicBackend(model, http.Create(
            AsAsked(model), connections => new MessagesUpstream(connections, model.Config, headers, _memory, timeProvider)));
    }

    /// <summary>
    /// The backend with the headers that it is asked with: the credential under its name there, unless one is configured under that
    /// name. The version is decided for each request.
    /// </summary>
    private static BackendModel AsAsked(BackendModel model)
    {
        var headers = AnthropicHeaders.Without(model.Headers);
        if (model.Credential is { Kind: CredentialKind.Own, Secret: { } secret } &&
            !headers.Any(static h => h.Key.Equals("x-api-key", StringComparison.OrdinalIgnoreCase)))
        {
            headers = headers.Add(KeyValuePair.Create("x-api-key", secret));
        }

        return model with
        {
            Headers = headers,
            Credential = model.Credential.Kind == CredentialKind.Own ? new BackendCredential(CredentialKind.None, null) : model.Credential,
        };
    }
}
