namespace AiRouter.Api.Backends.OpenAi;

/// <summary>What an answer is.</summary>
internal enum AnswerForm
{
    /// <summary>One JSON text.</summary>
    Json,

    /// <summary>Server-sent events.</summary>
    Events,

    /// <summary>Anything else.</summary>
    Raw,
}

/// <summary>Finds out what an answer is: from its content type, and where that cannot be right from its first character.</summary>
internal static class AnswerForms
{
    private const int HeadSize = 4096;

    /// <summary>The form, and the body from its beginning.</summary>
    public static async ValueTask<(AnswerForm Form, Stream Body)> FindAsync(Attempt attempt, Stream body)
    {
        if (MediaTypes.IsEvents(attempt.Response!))
        {
            return (AnswerForm.Events, body);
        }

        if (MediaTypes.IsJson(attempt.Response!))
        {
            return (AnswerForm.Json, body);
        }

        return attempt.Exchange.Operation.AnswersJson ? await LookAsync(body) : (AnswerForm.Raw, body);
    }

    /// <summary>Some backends send JSON as text/plain, or events without any type.</summary>
    private static async ValueTask<(AnswerForm Form, Stream Body)> LookAsync(Stream body)
    {
        var head = new byte[HeadSize];
        var length = 0;
        while (length < HeadSize && Text(head.AsSpan(0, length)).IsEmpty)
        {
            var read = await body.ReadAsync(head.AsMemory(length));
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        // The first character tells, however few have come: no JSON begins as data, event, id, retry or a comment do.
        var text = Text(head.AsSpan(0, length));
        var isEvents = !text.IsEmpty && "deir:"u8.Contains(text[0]);
        return (isEvents ? AnswerForm.Events : AnswerForm.Json, new HeadedStream(head.AsMemory(0, length), body));
    }

    /// <summary>What stands behind blanks and a byte order mark.</summary>
    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> head) =>
        head.Length < 3 && "\uFEFF"u8.StartsWith(head)
            ? default
            : (head.StartsWith("\uFEFF"u8) ? head[3..] : head).TrimStart(" \t\r\n"u8);
}
