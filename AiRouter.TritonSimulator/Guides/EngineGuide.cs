using System.Text.Json;
using AiRouter.TritonSimulator.Models;

namespace AiRouter.TritonSimulator.Guides;

/// <summary>
/// The guide of TensorRT-LLM's inputs, as its engine reads them: a type that it does not know is no guide.
/// </summary>
internal static class EngineGuide
{
    public static Guide? Read(InferenceRun run, out string? error)
    {
        error = null;
        GuideKind? kind = run.Text("guided_decoding_guide_type") switch
        {
            "json" => GuideKind.Json,
            "json_schema" => GuideKind.JsonSchema,
            "regex" => GuideKind.Regex,
            "ebnf_grammar" => GuideKind.Grammar,
            _ => null,
        };
        if (kind is null)
        {
            return null;
        }

        if (!run.Options.GuidedDecoding)
        {
            error = "Request is specified with GuidedDecodingParams, but GuidedDecoder is not setup. Please provide a "
                + "valid GuidedDecodingConfig to setup GuidedDecoder.";
            return null;
        }

        if (run.Input("guided_decoding_guide") is null && kind != GuideKind.Json)
        {
            error = "The guide string must be provided unless using GuideType::kJSON";
            return null;
        }

        var guide = new Guide(kind.Value, run.Text("guided_decoding_guide"));
        error = kind switch
        {
            GuideKind.JsonSchema => WhySchemaWrong(guide.Text),
            GuideKind.Regex => GuidedText.WhyPatternWrong(guide.Text),
            _ => null,
        };
        return error is null ? guide : null;
    }

    private static string? WhySchemaWrong(string schema)
    {
        try
        {
            using var document = JsonDocument.Parse(schema);
            return null;
        }
        catch (JsonException)
        {
            return "Failed to parse JSON: syntax error. The JSON string is:" + schema;
        }
    }
}
