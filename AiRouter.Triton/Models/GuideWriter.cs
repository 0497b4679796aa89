using System.Text;
using System.Text.RegularExpressions;
using AiRouter.Triton.Contract;
using AiRouter.Triton.Protocol;

namespace AiRouter.Triton.Models;

/// <summary>
/// Writes what TensorRT-LLM's answer must be: <c>guided_decoding_guide_type</c> and <c>guided_decoding_guide</c>, from
/// release 0.19 on (<c>triton.md</c> §1.1).
/// </summary>
internal static partial class GuideWriter
{
    private const string TypeInput = "guided_decoding_guide_type";
    private const string GuideInput = "guided_decoding_guide";

    // The type "json" allows an array or a number just as well.
    private const string AnyObject = """{"type":"object","additionalProperties":true}""";

    /// <summary>
    /// Whether the model has the inputs and, where its engine's configuration could be read, the engine a backend for
    /// them: without one it refuses every such request.
    /// </summary>
    public static bool Supports(TritonModel model) =>
        model.FindInput(TypeInput) is { Type: DataType.TypeString }
        && model.FindInput(GuideInput) is { Type: DataType.TypeString }
        && (model.Engine is not { Kind: ModelKind.RawEngine } engine
            || engine.FindParameter("guided_decoding_backend") is not null);

    /// <summary>Adds the inputs; gives what is wrong with the guide, or null.</summary>
    public static TritonFailure? Write(TritonModel model, GuidedDecoding guide, InferRequest target)
    {
        if (model.FindInput(TypeInput) is not { } typeInput || model.FindInput(GuideInput) is not { } guideInput)
        {
            return GenerationChecks.Unsupported(GenerationParameter.Guide);
        }

        if (guide.Kind == GuideKind.Grammar && !RootRule().IsMatch(guide.Guide))
        {
            return GuideChecks.Invalid("has no rule named root (root ::= …)");
        }

        var (type, text) = guide.Kind switch
        {
            GuideKind.Json => ("json_schema", AnyObject),
            GuideKind.JsonSchema => ("json_schema", guide.Guide),
            GuideKind.Regex => ("regex", guide.Guide),
            GuideKind.Choice => ("regex", Alternatives(guide.Guide)),
            GuideKind.Grammar => ("ebnf_grammar", guide.Guide),
            _ => throw new ArgumentOutOfRangeException(nameof(guide), guide.Kind, "Not a kind of guide."),
        };
        target.AddText(typeInput, Encoding.UTF8.GetBytes(type));
        target.AddText(guideInput, Encoding.UTF8.GetBytes(text));
        return null;
    }

    /// <summary>A regular expression of the choices, as they are.</summary>
    private static string Alternatives(string guide)
    {
        _ = GuideChecks.TryReadChoices(guide, out var choices);
        return string.Join('|', choices.Select(choice => Special().Replace(choice, @"\$0")));
    }

    // Only these: XGrammar takes a backslash before another character for an escape that it may not know.
    [GeneratedRegex(@"[\^$.*+?\\()\[\]{}|]")]
    private static partial Regex Special();

    [GeneratedRegex(@"^\s*root\s*::=", RegexOptions.Multiline)]
    private static partial Regex RootRule();
}
