using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>Makes backends of where deployments are.</summary>
internal sealed class LiteLlmBackends(
    SourceValue root, LiteLlmDefaults defaults, LiteLlmVariables variables, ImportedConfiguration imported, ImportedSecrets secrets)
{
    private const int TritonPort = 8001;

    /// <summary>The name of the deployment's backend; null: nobody says where it is, which is told.</summary>
    public string? Read(LiteLlmProvider provider, SourceValue parameters)
    {
        var known = KnownProviders.Find(provider.Name);
        var credential = CredentialOf(parameters);
        var address = parameters.Take("api_base") ?? parameters.Take("base_url") ?? credential?.Take("api_base");
        var (url, missing) = AddressOf(provider, known, address, parameters);
        if (url is null)
        {
            return null;
        }

        var name = NameOf(provider, address is null || missing is not null, url);
        var key = parameters.Take("api_key") ?? credential?.Take("api_key");
        var backend = new BackendConfig
        {
            Kind = provider.Kind,
            Url = url,
            Responses = parameters.TakeFlag("use_chat_completions_api") is not true && known is not { HasResponses: false },
            ApiKey = key is not null ? secrets.Reference(key, name)
                : known?.Variable is { } variable && (address is null || known.Path == KnownProviders.AzurePath)
                    ? secrets.OfVariable(parameters, variable)
                    : null,
            Headers = HeadersOf(parameters, name),
            Timeouts = LiteLlmDefaults.With(
                defaults.Timeouts, TakeSeconds(parameters, "timeout"), TakeSeconds(parameters, "stream_timeout")),
            Breaker = BreakerOf(parameters),
            MaxRequestsPerReplica =
                parameters.TakeInt("max_parallel_requests", 1, 1_000_000) ?? defaults.MostRequests ??
                new BackendConfig { Url = url }.MaxRequestsPerReplica,
        };
        var added = imported.AddBackend(name, backend, address ?? parameters);
        if (missing is not null)
        {
            address!.Notes.AddByHand(address, $"set the url of the backend \"{added}\" to what {missing} has");
        }

        return added;
    }

    /// <summary>The model's name at the backend.</summary>
    public static string ModelOf(LiteLlmProvider provider, SourceValue parameters)
    {
        // Triton's own paths name the model: …/v2/models/NAME/generate.
        const string models = "/v2/models/";
        var address = provider.Name == LiteLlmProvider.Triton ? parameters.TakeText("api_base") : null;
        var at = address?.IndexOf(models, StringComparison.Ordinal) ?? -1;
        return at >= 0 ? address![(at + models.Length)..].Split('/')[0] : provider.Model;
    }

    private SourceValue? CredentialOf(SourceValue parameters)
    {
        if (parameters.TakeText("litellm_credential_name") is not { } name)
        {
            return null;
        }

        var credential = root.LookInto("credential_list").FirstOrDefault(c => c.Find("credential_name")?.Text == name);
        credential?.Take("credential_name");
        credential?.Take("credential_info")?.TakeAll();
        return credential?.TakeMap("credential_values");
    }

    private (Uri? Url, string? Missing) AddressOf(
        LiteLlmProvider provider, KnownProvider? known, SourceValue? address, SourceValue parameters)
    {
        if (address is null)
        {
            if (known?.Url is not { } url)
            {
                parameters.Notes.Add(parameters, "not imported: nothing says where it is (api_base)");
                return (null, null);
            }

            return (new Uri(url), null);
        }

        var (given, missing) = ImportedUrl.Read(address, secrets, variables.ValueOf);
        if (given is null || missing is not null)
        {
            return (given, missing);
        }

        if (provider.Name != LiteLlmProvider.Triton)
        {
            return (known!.Complete(given), null);
        }

        var grpc = new UriBuilder(given.Scheme, given.Host, TritonPort).Uri;
        address.Notes.AddByHand(
            address, $"Triton is asked by gRPC: {grpc.Authority} has to be its gRPC address; a model for chats needs a promptFormat");
        return (new Uri(grpc.GetLeftPart(UriPartial.Authority)), null);
    }

    private static string NameOf(LiteLlmProvider provider, bool isItsOwn, Uri url) =>
        isItsOwn ? provider.Name
        : provider.Name.StartsWith("azure", StringComparison.Ordinal) ? $"azure-{ImportedUrl.NameOf(url)}"
        : ImportedUrl.NameOf(url);

    private Dictionary<string, string> HeadersOf(SourceValue parameters, string name)
    {
        var headers = new Dictionary<string, string>(
            ImportedHeaders.Read(parameters.TakeMap("headers"), name, secrets), StringComparer.OrdinalIgnoreCase);
        foreach (var (header, value) in ImportedHeaders.Read(parameters.TakeMap("extra_headers"), name, secrets))
        {
            headers[header] = value;
        }

        if (parameters.TakeText("organization") is { } organization)
        {
            headers["OpenAI-Organization"] = secrets.VariableOf(organization) is null
                ? organization
                : secrets.Reference(parameters.Find("organization")!, $"{name}_ORGANIZATION")!;
        }

        return headers;
    }

    private BreakerConfig BreakerOf(SourceValue parameters) =>
        parameters.TakeNumber("cooldown_time", 0.1, 3600) is { } seconds
            ? defaults.Breaker with { Open = seconds, MaxOpen = Math.Max(defaults.Breaker.MaxOpen, seconds) }
            : defaults.Breaker;

    private double? TakeSeconds(SourceValue parameters, string name)
    {
        if (parameters.Find(name) is { IsScalar: true } value && secrets.VariableOf(value.Text) is not null)
        {
            parameters.Take(name);
            value.Notes.Add(value, "not imported: a deadline is a number");
            return null;
        }

        return parameters.TakeNumber(name, 0.1, 86_400);
    }
}
