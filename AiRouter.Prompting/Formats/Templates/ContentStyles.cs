using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Formats.Templates;

/// <summary>What a template takes as the content of a role's messages.</summary>
/// <param name="TakesText">A text.</param>
/// <param name="TakesParts">A list of parts, such as <c>{"type": "text", "text": …}</c> and <c>{"type": "image"}</c>.</param>
internal readonly record struct ContentStyle(bool TakesText, bool TakesParts);

/// <summary>What a template takes.</summary>
internal sealed record ContentStyles
{
    private readonly ContentStyle[] _byRole;

    public ContentStyles(Func<ChatRole, ContentStyle> ofRole) => _byRole = [.. Enum.GetValues<ChatRole>().Select(ofRole)];

    /// <summary>Texts, for all roles.</summary>
    public static ContentStyles Texts { get; } = new(_ => new ContentStyle(TakesText: true, TakesParts: false));

    /// <summary>What <c>tools</c> and <c>documents</c> are when there are none: None as in transformers, if the template takes it.</summary>
    public JinjaValue Nothing { get; init; } = JinjaValue.None;

    /// <summary>Whether an image among a user's words leaves a mark in the prompt.</summary>
    public bool TakesImages { get; init; }

    /// <summary>Whether an assistant's message with calls and nothing said may have None as its content.</summary>
    public bool TakesNone { get; init; }

    /// <summary>What a role's messages may be.</summary>
    public ContentStyle this[ChatRole role] => _byRole[(int)role];
}
