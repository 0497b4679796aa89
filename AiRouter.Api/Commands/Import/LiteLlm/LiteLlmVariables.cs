using AiRouter.Api.Commands.Import.Reading;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>What <c>os.environ/NAME</c> stands for, where it is no secret: an address.</summary>
/// <param name="root">The file, which may have variables of its own.</param>
/// <param name="environment">Those of this process.</param>
internal sealed class LiteLlmVariables(SourceValue root, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>How LiteLLM refers to a variable.</summary>
    public const string Marker = "os.environ/";

    /// <summary>The value of a variable; null: nobody knows it here.</summary>
    public string? ValueOf(string name) =>
        root.Find("environment_variables")?.Find(name) is { IsScalar: true, IsNull: false } own ? own.Text
        : environment.GetValueOrDefault(name) is { Length: > 0 } value ? value
        : null;
}
