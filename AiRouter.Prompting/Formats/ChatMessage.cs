namespace AiRouter.Prompting.Formats;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Content">What is said; of content parts, their texts put together.</param>
/// <param name="Name">The speaker's name among others of that role; of a tool's result, the tool's.</param>
public sealed record ChatMessage(ChatRole Role, string Content, string? Name = null)
{
    /// <summary>What the client called the role (<c>developer</c>, <c>function</c>); null: what the role is called.</summary>
    public string? SentRole { get; init; }

    /// <summary>The client sent no content at all, as for an assistant that only called tools; then the content is empty.</summary>
    public bool HasNoContent { get; init; }

    /// <summary>The content's parts, in order; null when it came as one text.</summary>
    public IReadOnlyList<ContentPart>? Parts { get; init; }

    /// <summary>The tools that the assistant called.</summary>
    public IReadOnlyList<MessageToolCall> ToolCalls { get; init; } = [];

    /// <summary>Which call a tool's result belongs to.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>What the assistant thought before it spoke (<c>reasoning_content</c>).</summary>
    public string? Reasoning { get; init; }
}

/// <summary>A part of a message's content.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text of a <see cref="ContentKind.Text"/> part, else empty.</param>
public sealed record ContentPart(ContentKind Kind, string Text);

/// <summary>What a content part is.</summary>
public enum ContentKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>An image; its bytes go to the model beside the prompt.</summary>
    Image,

    /// <summary>A sound; its bytes go to the model beside the prompt.</summary>
    Audio,
}

/// <summary>A call in a message of the assistant's.</summary>
/// <param name="Id">Its id; empty when the client sent none.</param>
/// <param name="Name">The function.</param>
/// <param name="Arguments">As the client sent them: JSON text, as a rule an object.</param>
public sealed record MessageToolCall(string Id, string Name, string Arguments);
