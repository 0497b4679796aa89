namespace AiRouter.Prompting.Formats;

/// <summary>One message of a conversation, its content parts put together.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Content">What is said.</param>
/// <param name="Name">The speaker's name among others of that role.</param>
public sealed record ChatMessage(ChatRole Role, string Content, string? Name = null);
