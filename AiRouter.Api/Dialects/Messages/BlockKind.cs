namespace AiRouter.Api.Dialects.Messages;

/// <summary>What a content block of a stream is.</summary>
internal enum BlockKind
{
    /// <summary>No block is open.</summary>
    None,

    /// <summary>Visible text.</summary>
    Text,

    /// <summary>What the model thought.</summary>
    Thinking,

    /// <summary>A call of a tool.</summary>
    ToolUse,
}
