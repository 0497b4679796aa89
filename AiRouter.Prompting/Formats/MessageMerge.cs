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
            // Two speakers stay two; two results of tools belong to two calls.
            if (result is [.., var last] && last.Role == message.Role && last.Name == message.Name &&
                message.Role != ChatRole.Tool)
            {
                result[^1] = last with { Content = last.Content + Between + message.Content };
            }
            else
            {
                result.Add(message);
            }
        }

        return result;
    }

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
