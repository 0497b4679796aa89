namespace AiRouter.Prompting.Formats.Loading;

/// <summary>A template's text.</summary>
/// <param name="Text">The text.</param>
/// <param name="Name">What messages call it: its file, as a rule.</param>
internal sealed record TemplateSource(string Text, string Name);
