namespace AiRouter.Admin.Components.PromptFormats;

/// <summary>A message that is edited.</summary>
public sealed class PreviewMessage
{
    /// <summary>The roles that there are, as requests call them.</summary>
    public static readonly IReadOnlyList<string> Roles = ["system", "user", "assistant", "tool"];

    /// <summary>Who speaks.</summary>
    public string Role { get; set; } = "user";

    /// <summary>What is said.</summary>
    public string Content { get; set; } = "";
}
