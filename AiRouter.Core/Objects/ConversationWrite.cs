namespace AiRouter.Core.Objects;

/// <summary>What became of a change of a conversation; the numbers are those of <c>conversation-write.lua</c>.</summary>
public enum ConversationWrite
{
    /// <summary>It has no room for it; nothing was changed.</summary>
    Full = -1,

    /// <summary>There is no such conversation (any more).</summary>
    NotFound = 0,

    /// <summary>It is done.</summary>
    Done = 1,
}
