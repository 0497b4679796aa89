namespace AiRouter.Prompting.Formats.Preview;

/// <summary>What somebody who looks at a prompt may not see in it.</summary>
internal static class PreviewNotes
{
    /// <summary>The notes, a sentence each.</summary>
    public static IEnumerable<string> Of(
        string prompt, PreviewInput input, FormatTraits traits, FormatOptions options, SpecialTokens tokens)
    {
        var conversation = input.Conversation;
        if (conversation.Tools is not null && !traits.TakesTools)
        {
            yield return "The template does not show tools: the model would not know of them.";
        }

        foreach (var name in conversation.Variables.Keys.Where(name => !traits.Names.Contains(name)))
        {
            yield return $"The template does not read the variable {name}.";
        }

        if (!input.Prompt.NeutralizeSpecialTokens)
        {
            for (var i = 0; i < conversation.Messages.Count; i++)
            {
                if (tokens.Find(conversation.Messages[i].Content).Any())
                {
                    yield return
                        $"messages[{i}] contains a special token, which the model takes for one. " +
                        "With prompt.neutralizeSpecialTokens it stays plain text.";
                }
            }
        }

        if (NoteOnBos(prompt, conversation, options.Bos) is { } note)
        {
            yield return note;
        }
    }

    // R15: exactly one.
    private static string? NoteOnBos(string prompt, Conversation conversation, string bos) => bos.Length == 0
        ? null
        : (conversation.BackendAddsBos, prompt.StartsWith(bos, StringComparison.Ordinal)) switch
        {
            (true, false) => $"The backend puts {bos} before this prompt.",
            (true, true) => $"The backend puts {bos} before this prompt, which begins with one more: the template writes it twice.",
            (false, true) when prompt.AsSpan(bos.Length).StartsWith(bos, StringComparison.Ordinal) =>
                $"The prompt begins with {bos} twice: the template writes it and something else does too.",
            (false, false) => $"The prompt does not begin with {bos}: the backend has to put it there (prompt.bosMode: backend).",
            _ => null,
        };
}
