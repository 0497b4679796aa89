using AiRouter.Core.Configuration;

namespace AiRouter.Api.Telemetry;

/// <summary>What OpenTelemetry's GenAI conventions call our operations and backends.</summary>
internal static class GenAiNames
{
    private const string OpenAi = "openai";
    private const string Anthropic = "anthropic";

    // Whose API is behind a host that is known, by the end of its name.
    private static readonly (string Host, string Provider)[] _providers =
    [
        (".openai.azure.com", "azure.ai.openai"),
        (".services.ai.azure.com", "azure.ai.inference"),
        ("api.anthropic.com", Anthropic),
        ("api.mistral.ai", "mistral_ai"),
        ("api.deepseek.com", "deepseek"),
        ("api.groq.com", "groq"),
        ("api.x.ai", "x_ai"),
        ("api.perplexity.ai", "perplexity"),
        ("generativelanguage.googleapis.com", "gcp.gemini"),
    ];

    /// <summary>The value of <c>gen_ai.operation.name</c>.</summary>
    public static string OperationOf(string operation) => operation switch
    {
        Operations.Completions => "text_completion",
        Operations.Responses => "chat",
        _ => operation,
    };

    /// <summary>The value of <c>gen_ai.provider.name</c>: whose protocol it is, unless the host tells more.</summary>
    public static string ProviderOf(BackendConfig backend)
    {
        if (backend.Kind == BackendKind.Triton)
        {
            return "triton";
        }

        foreach (var (host, provider) in _providers)
        {
            if (backend.Url.Host.EndsWith(host, StringComparison.OrdinalIgnoreCase))
            {
                return provider;
            }
        }

        return backend.Kind == BackendKind.Anthropic ? Anthropic : OpenAi;
    }
}
