using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>An entry of <c>model_list</c>, in AiRouter's terms.</summary>
internal sealed record LiteLlmDeployment
{
    /// <summary>Where it stands.</summary>
    public required SourceValue Entry { get; init; }

    /// <summary>The public names that it answers for: one, or several patterns.</summary>
    public required IReadOnlyList<LiteLlmName> Names { get; init; }

    public required TargetConfig Target { get; init; }

    /// <summary>Its backend does not speak the OpenAI API: what that has no word for is refused, or left out.</summary>
    public bool IsTranslated { get; init; }

    public IReadOnlyList<string>? Operations { get; init; }

    public int? MaxInputTokens { get; init; }

    public int? MaxOutputTokens { get; init; }

    public int? DefaultMaxTokens { get; init; }

    public PriceConfig? Price { get; init; }

    public decimal? Weight { get; init; }

    public int? RequestsPerMinute { get; init; }

    public long? TokensPerMinute { get; init; }

    /// <summary>Who is asked first: the lowest; whoever has none comes last.</summary>
    public int? Order { get; init; }

    /// <summary>Tries altogether.</summary>
    public int? Attempts { get; init; }

    public bool DropsParameters { get; init; }

    /// <summary>Names that keys may have instead of the model's.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];
}
