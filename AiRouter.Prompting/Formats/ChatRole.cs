namespace AiRouter.Prompting.Formats;

/// <summary>Who speaks in a conversation.</summary>
public enum ChatRole
{
    /// <summary>Instructions (<c>system</c>, and <c>developer</c>, which means the same to open models).</summary>
    System,

    /// <summary>The user.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>The result of a tool (<c>tool</c>, and the deprecated <c>function</c>).</summary>
    Tool,
}
