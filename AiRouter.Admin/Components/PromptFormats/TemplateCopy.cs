namespace AiRouter.Admin.Components.PromptFormats;

/// <summary>A template that was copied to be changed.</summary>
/// <param name="Name">The format that it is from.</param>
/// <param name="Text">Its text.</param>
/// <param name="Bos">The token that begins a prompt.</param>
/// <param name="Eos">The token that ends a turn.</param>
public sealed record TemplateCopy(string Name, string Text, string? Bos, string? Eos);
