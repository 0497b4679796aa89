using System.Text.Json.Nodes;
using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>Parameters that a deployment gives to requests that have none of that name.</summary>
internal static class LiteLlmParameters
{
    // What the OpenAI API, vLLM and its like have at the top of a request. Anything else may be a setting, or a secret; tools of MCP
    // servers have credentials in them.
    private static readonly string[] Known =
    [
        "allowed_openai_params", "audio", "chat_template_kwargs", "dimensions", "encoding_format", "frequency_penalty", "guided_choice",
        "guided_json", "guided_regex", "input_type", "length_penalty", "logit_bias", "logprobs", "min_p", "min_tokens", "modalities", "n",
        "parallel_tool_calls", "presence_penalty", "quality", "reasoning_effort", "repetition_penalty", "response_format", "seed",
        "service_tier", "size", "stop", "store", "temperature", "thinking", "tool_choice", "top_k", "top_logprobs", "top_p",
        "truncate", "user", "verbosity", "voice",
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
                var value = source!.Take(name)!;
                defaults.Remove(name);
                if (HasReference(value))
                {
                    value.TakeAll().Notes.Add(
                        value, "not imported: a variable is named here, which may have a secret: parameters.defaults would send its name");
                    continue;
                }

                defaults[name] = value.ToJson();
            }
        }

        return new ParametersConfig
        {
            Defaults = new Dictionary<string, JsonNode?>(defaults, StringComparer.Ordinal),
            Drop = [.. parameters.TakeTexts("additional_drop_params").Distinct(StringComparer.Ordinal)],
        };
    }

    private static bool HasReference(SourceValue value) =>
        value.Text.Contains(LiteLlmVariables.Marker, StringComparison.Ordinal) ||
        value.Items.Any(HasReference) ||
        value.Members.Any(static m => m.Key.Contains(LiteLlmVariables.Marker, StringComparison.Ordinal) || HasReference(m.Value));
}
