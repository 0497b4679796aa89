using System.Text.Json.Nodes;
using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>Parameters that a deployment gives to requests that have none of that name.</summary>
internal static class LiteLlmParameters
{
    // What the OpenAI API, vLLM and its like have at the top of a request. Anything else may be a setting, or a secret.
    private static readonly string[] Known =
    [
        "allowed_openai_params", "audio", "chat_template_kwargs", "dimensions", "encoding_format", "frequency_penalty", "guided_choice",
        "guided_json", "guided_regex", "input_type", "length_penalty", "logit_bias", "logprobs", "min_p", "min_tokens", "modalities", "n",
        "parallel_tool_calls", "presence_penalty", "quality", "reasoning_effort", "repetition_penalty", "response_format", "seed",
        "service_tier", "size", "stop", "store", "temperature", "thinking", "tool_choice", "tools", "top_k", "top_logprobs", "top_p",
        "truncate", "user", "verbosity", "voice", "web_search_options",
    ];

    /// <summary>Reads them.</summary>
    /// <param name="parameters">The deployment's.</param>
    /// <param name="common">Those of all deployments.</param>
    public static ParametersConfig Read(SourceValue parameters, SourceValue? common)
    {
        var defaults = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var source in new[] { common, common?.TakeMap("extra_body"), parameters, parameters.TakeMap("extra_body") })
        {
            foreach (var name in Known.Where(n => source?.Has(n) is true && n != "allowed_openai_params"))
            {
                defaults[name] = source!.Take(name)!.ToJson();
            }
        }

        return new ParametersConfig
        {
            Defaults = new Dictionary<string, JsonNode?>(defaults, StringComparer.Ordinal),
            Drop = [.. parameters.TakeTexts("additional_drop_params").Distinct(StringComparer.Ordinal)],
        };
    }
}
