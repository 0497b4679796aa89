namespace AiRouter.Prompting.Formats;

/// <summary>
/// <c>messageRepair: merge</c> (R20): the order that every chat template takes. System messages come first, as one, and no
/// two messages of one role follow each other.
/// </summary>
public static class MessageMerge
{
    private const string Between = "\n\n";

    /// <summary>The repaired conversation; the same list when there is nothing to repair.</summary>
    public static IReadOnlyList<ChatMessage> Apply(IReadOnlyList<ChatMessage> messages)
    {
        if (IsInOrder(messages))
        {
            return messages;
        }

        var result = new List<ChatMessage>(messages.Count);
        var systemFirst = messages.Where(m => m.Role == ChatRole.System).Concat(messages.Where(m => m.Role != ChatRole.System));
        foreach (var message in systemFirst)
        {
            if (result is [.., var last] && AreOne(last, message))
            {
                result[^1] = Join(last, message);
            }
            else
            {
                result.Add(message);
            }
        }

        return result;
    }

    // Two speakers stay two; results of tools belong to their calls, and calls to what was said with them.
    private static bool AreOne(ChatMessage first, ChatMessage second) =>
        first.Role == second.Role && first.Role != ChatRole.Tool && first.Name == second.Name &&
        first.ToolCalls.Count == 0 && second.ToolCalls.Count == 0;

    private static ChatMessage Join(ChatMessage first, ChatMessage second) => first with
    {
        Content = first.HasNoContent ? second.Content : second.HasNoContent ? first.Content : first.Content + Between + second.Content,
        HasNoContent = first.HasNoContent && second.HasNoContent,
        Parts = first.Parts is null && second.Parts is null
            ? null
            : [.. PartsOf(first), new ContentPart(ContentKind.Text, Between), .. PartsOf(second)],
        Reasoning = (first.Reasoning, second.Reasoning) switch
        {
            (null, var other) => other,
            (var other, null) => other,
            var (one, other) => one + Between + other,
        },
    };

    private static IEnumerable<ContentPart> PartsOf(ChatMessage message) =>
        message.Parts ?? [new ContentPart(ContentKind.Text, message.Content)];

    private static bool IsInOrder(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = 1; i < messages.Count; i++)
        {
            if (messages[i].Role == ChatRole.System || messages[i].Role == messages[i - 1].Role)
            {
                return false;
            }
        }

        return true;
    }
}
