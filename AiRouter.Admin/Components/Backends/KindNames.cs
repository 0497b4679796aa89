using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Backends;

/// <summary>What the pages call the kinds of backends.</summary>
internal static class KindNames
{
    /// <summary>The name of one.</summary>
    public static string Of(BackendKind kind) => kind switch
    {
        BackendKind.Triton => "Triton",
        BackendKind.Anthropic => "Anthropic",
        _ => "OpenAI",
    };
}
