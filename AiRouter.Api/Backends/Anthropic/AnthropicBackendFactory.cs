using AiRouter.Api.Backends.OpenAi;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.Anthropic;

/// <summary>Makes backends that speak Anthropic's Messages API.</summary>
internal sealed class AnthropicBackendFactory(HttpBackends http, TimeProvider timeProvider) : IBackendFactory
{
    private const string Version = "2023-06-01";

    /// <inheritdoc/>
    public BackendKind Kind => BackendKind.Anthropic;

    /// <inheritdoc/>
    public IBackend Create(BackendModel model) => new AnthropicBackend(
        model, http.Create(AsAsked(model), connections => new MessagesUpstream(connections, model.Config, timeProvider)));

    /// <summary>
    /// The backend with the headers that it is asked with: the credential under its name there, and the version. What is configured
    /// replaces both.
    /// </summary>
    private static BackendModel AsAsked(BackendModel model)
    {
        var headers = model.Headers;
        Add("anthropic-version", Version);
        if (model.Credential is { Kind: CredentialKind.Own, Secret: { } secret })
        {
            Add("x-api-key", secret);
        }

        return model with
        {
            Headers = headers,
            Credential = model.Credential.Kind == CredentialKind.Own ? new BackendCredential(CredentialKind.None, null) : model.Credential,
        };

        void Add(string name, string value)
        {
            if (!headers.Any(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                headers = headers.Add(KeyValuePair.Create(name, value));
            }
        }
    }
}
