using AiRouter.Api.Endpoints;
using AiRouter.Core.Configuration;
using AiRouter.Prompting.Formats;
using AiRouter.Triton;
using AiRouter.Triton.Models;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>What the translation of a request depends on besides its members.</summary>
/// <param name="exchange">The request.</param>
/// <param name="target">Who answers.</param>
/// <param name="serving">The model there; null: the backend renders prompts itself, and its prompt is only counted here.</param>
internal sealed class Translation(Exchange exchange, TargetModel target, TritonModel? serving)
{
    private static readonly ModelConfig Standard = new();

    /// <summary>The request.</summary>
    public Exchange Exchange => exchange;

    /// <summary>Who answers.</summary>
    public TargetConfig Target => target.Config;

    /// <summary>The public model's settings.</summary>
    public ModelConfig Model => exchange.Model!.Model.Config;

    /// <summary>The server's settings.</summary>
    public ServerConfig Server => exchange.State.Server;

    /// <summary>What the backend says of its model.</summary>
    public TritonModel Serving =>
        serving ?? throw new InvalidOperationException("A backend that renders prompts itself tells nothing of its model.");

    /// <summary>Whether images go to the model beside the prompt.</summary>
    public bool CanTakeImages => serving?.Supports(GenerationParameter.Images) ?? false;

    /// <summary>What makes prompts (R21). A target without one is no target: its configuration would not have been loaded.</summary>
    public IPromptFormat Format { get; } = target.Format as IPromptFormat ?? PromptFormats.Plain;

    /// <summary>Whether the backend puts the token before the prompt that begins it (R15).</summary>
    public bool BackendAddsBos => (Target.BosMode ?? Model.Prompt.BosMode) switch
    {
        BosMode.Template => false,
        BosMode.Backend => true,
        _ => serving?.AddsSpecialTokens ?? false,
    };

    /// <summary>Texts that end an answer and that no client sees: the configuration's, and without them the format's too.</summary>
    public IReadOnlyList<string> EndTokens => field ??= HasOwnEndTokens
        ? Model.EndTokens
        : [.. Model.EndTokens.Union(Format.Traits.EndTokens, StringComparer.Ordinal)];

    /// <summary>
    /// End tokens that the engine is told, because it may know one of its own only (<c>triton.md</c> §3.12). Not the default:
    /// to a model with another end token it is a word like any other. Not the format's to vLLM, which knows all of the
    /// model's own and holds back text for every stop text.
    /// </summary>
    public IReadOnlyList<string> SentEndTokens =>
        HasOwnEndTokens ? Model.EndTokens : serving?.Kind == ModelKind.Vllm ? [] : Format.Traits.EndTokens;

    private bool HasOwnEndTokens => !Model.EndTokens.SequenceEqual(Standard.EndTokens);

    /// <summary>The model's name at the backend; never shown to clients.</summary>
    public static string BackendModel(Exchange exchange, TargetModel target) => target.NameFor(exchange.Model!);

    /// <summary>What the backend cannot do of the request.</summary>
    public UnsupportedList Unsupported { get; } = new(exchange.Model!.Model.Config.UnsupportedParameters, exchange.PublicName);
}
