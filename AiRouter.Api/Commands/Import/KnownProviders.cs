using System.Collections.Frozen;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import;

/// <summary>Services and servers that speak OpenAI's API or Anthropic's, by the names that LiteLLM and Bifrost have for them.</summary>
internal static class KnownProviders
{
    /// <summary>OpenAI itself.</summary>
    public const string OpenAi = "openai";

    /// <summary>Azure's deployments, over its API without versions.</summary>
    public const string AzurePath = "/openai/v1";

    private static readonly string[] OpenAiFamilies =
    [
        "gpt-*", "chatgpt-*", "o1*", "o3*", "o4*", "text-embedding-*", "whisper-*", "tts-*", "dall-e-*", "omni-moderation-*",
    ];

    private static readonly FrozenDictionary<string, KnownProvider> ByName = new Dictionary<string, KnownProvider>
    {
        [OpenAi] = new("https://api.openai.com/v1", "OPENAI_API_KEY", "", OpenAiFamilies),
        ["text-completion-openai"] = new("https://api.openai.com/v1", "OPENAI_API_KEY", "", "gpt-3.5-turbo-instruct*"),
        ["custom_openai"] = new(null, null),
        ["openai_like"] = new(null, null),
        ["hosted_vllm"] = new(null, null),
        ["litellm_proxy"] = new(null, null),
        ["lm_studio"] = new(null, null),
        ["llamafile"] = new("http://127.0.0.1:8080/v1", null),
        ["xinference"] = new(null, null),
        ["vllm"] = new(null, null, "/v1"),
        ["sgl"] = new(null, null, "/v1"),
        ["ollama"] = new("http://localhost:11434/v1", null, "/v1"),
        ["ollama_chat"] = new("http://localhost:11434/v1", null, "/v1"),
        ["azure"] = new(null, "AZURE_API_KEY", AzurePath),
        ["azure_text"] = new(null, "AZURE_API_KEY", AzurePath),
        ["anthropic"] = new("https://api.anthropic.com/v1", "ANTHROPIC_API_KEY", "/v1", "claude-*") { Kind = BackendKind.Anthropic },
        ["gemini"] = new("https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY", "", "gemini-*")
        {
            HasResponses = false,
        },
        ["mistral"] = new(
            "https://api.mistral.ai/v1", "MISTRAL_API_KEY", "", "mistral-*", "ministral-*", "codestral-*", "pixtral-*", "magistral-*")
        {
            HasResponses = false,
        },
        ["groq"] = new("https://api.groq.com/openai/v1", "GROQ_API_KEY"),
        ["deepseek"] = new("https://api.deepseek.com/v1", "DEEPSEEK_API_KEY", "", "deepseek-*") { HasResponses = false },
        ["xai"] = new("https://api.x.ai/v1", "XAI_API_KEY", "", "grok-*"),
        ["together_ai"] = new("https://api.together.xyz/v1", "TOGETHERAI_API_KEY") { HasResponses = false },
        ["fireworks_ai"] = new("https://api.fireworks.ai/inference/v1", "FIREWORKS_AI_API_KEY"),
        ["fireworks"] = new("https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
        ["openrouter"] = new("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
        ["perplexity"] = new("https://api.perplexity.ai", "PERPLEXITYAI_API_KEY", "", "sonar*"),
        ["cerebras"] = new("https://api.cerebras.ai/v1", "CEREBRAS_API_KEY") { HasResponses = false },
        ["nvidia_nim"] = new("https://integrate.api.nvidia.com/v1", "NVIDIA_NIM_API_KEY") { HasResponses = false },
        ["deepinfra"] = new("https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY") { HasResponses = false },
        ["sambanova"] = new("https://api.sambanova.ai/v1", "SAMBANOVA_API_KEY") { HasResponses = false },
        ["parasail"] = new("https://api.parasail.io/v1", "PARASAIL_API_KEY") { HasResponses = false },
        ["nebius"] = new("https://api.studio.nebius.ai/v1", "NEBIUS_API_KEY") { HasResponses = false },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The one of a name; null: nobody that AiRouter could speak to.</summary>
    public static KnownProvider? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Who has a model of this name, where a file does not say it.</summary>
    public static string? OwnerOf(string model) => ByName.Where(p => p.Value.Families.Any(
            f => new Core.Keys.WildcardPattern(f).IsMatch(model))).Select(static p => p.Key)
        .OrderBy(static n => n == OpenAi ? "" : n, StringComparer.Ordinal).FirstOrDefault();
}
