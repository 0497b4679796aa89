using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>Who answers for a deployment, and what the model is called there.</summary>
/// <param name="Name">LiteLLM's name of the provider.</param>
/// <param name="Model">The model's name there.</param>
internal sealed record LiteLlmProvider(string Name, string Model)
{
    /// <summary>NVIDIA Triton, which LiteLLM reaches over HTTP.</summary>
    public const string Triton = "triton";

    // Before a model's name: it is asked over the Responses API, whatever the client speaks.
    private const string ResponsesPrefix = "responses/";

    // Providers whose own API AiRouter does not speak, for telling them from a part of a model's name.
    private static readonly HashSet<string> Others = new(StringComparer.Ordinal)
    {
        "ai21", "aiml", "anyscale", "assemblyai", "azure_ai", "bedrock", "baseten", "clarifai", "cloudflare", "cohere", "cohere_chat",
        "databricks", "deepgram", "elevenlabs", "github", "github_copilot", "huggingface", "infinity", "jina_ai", "nlp_cloud", "oci",
        "oobabooga", "petals", "predibase", "replicate", "sagemaker", "sagemaker_chat", "snowflake", "text-completion-codestral", "topaz",
        "vertex_ai", "vertex_ai_beta", "voyage", "watsonx", "watsonx_text", "auto_router", "gigachat", "bytez", "dashscope", "moonshot",
        "volcengine", "friendliai", "galadriel", "meta_llama", "nscale", "novita", "featherless_ai", "empower", "codestral",
    };

    /// <summary>What its backend speaks.</summary>
    public BackendKind Kind => Name == Triton ? BackendKind.Triton : KnownProviders.Find(Name)?.Kind ?? BackendKind.OpenAi;

    /// <summary>Whether it is only asked over the Responses API.</summary>
    public bool IsAskedForResponses { get; private init; }

    /// <summary>As LiteLLM finds it; null: it would not know either.</summary>
    /// <param name="model"><c>litellm_params.model</c>.</param>
    /// <param name="custom"><c>litellm_params.custom_llm_provider</c>.</param>
    /// <param name="at">Where the model stands.</param>
    /// <param name="hasAddress">Whether the deployment says where it is.</param>
    public static LiteLlmProvider? Of(string model, string? custom, SourceValue at, bool hasAddress)
    {
        var slash = model.IndexOf('/', StringComparison.Ordinal);
        var prefix = slash > 0 ? model[..slash] : null;
        var isProvider = prefix is not null && (prefix == Triton || Others.Contains(prefix) || KnownProviders.Find(prefix) is not null);
        var provider = isProvider && (custom is null || custom == prefix)
            ? new LiteLlmProvider(prefix!, model[(slash + 1)..])
            : custom is not null ? new LiteLlmProvider(custom, model)
            : KnownProviders.OwnerOf(model) is { } owner ? new LiteLlmProvider(owner, model)
            : hasAddress ? new LiteLlmProvider(KnownProviders.OpenAi, model)
            : null;
        if (provider is null || (provider.Name != Triton && KnownProviders.Find(provider.Name) is null))
        {
            at.Notes.Add(at, provider is not null
                ? $"not imported: AiRouter does not speak the API of {Shown(provider.Name)}; keep the model in LiteLLM, and put that " +
                    "behind AiRouter as an openai backend"
                : model == "*"
                    ? "not imported: \"*\" is every provider that LiteLLM knows; declare openai/*, anthropic/* and the like for those in use"
                    : "not imported: nothing says whose model it is (custom_llm_provider, api_base, or a provider before the name)");
            return null;
        }

        return provider.Kind == BackendKind.OpenAi && provider.Model.StartsWith(ResponsesPrefix, StringComparison.Ordinal)
            ? provider with { Model = provider.Model[ResponsesPrefix.Length..], IsAskedForResponses = true }
            : provider;
    }

    // Whatever stands where a provider's name should may be anything.
    private static string Shown(string name) => Others.Contains(name) ? name : "this provider";
}
