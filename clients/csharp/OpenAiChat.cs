using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

/// <summary>A chat with OpenAI's own client for .NET.</summary>
internal static class OpenAiChat
{
    /// <summary>Asks, and prints the answer and how quick it was.</summary>
    public static async Task RunAsync(CommandLine line)
    {
        var client = new ChatClient(
            line['m'] ?? "llama-3.1-8b",
            new ApiKeyCredential(line.Key),
            new OpenAIClientOptions { Endpoint = line.Url });
        ChatMessage[] messages = [new UserChatMessage(line.Prompt)];
        var options = new ChatCompletionOptions { MaxOutputTokenCount = line.Tokens };
        var timing = new Timing();
        if (line.Stream)
        {
            await StreamAsync(client.CompleteChatStreamingAsync(messages, options), line.ChunkEnd, timing);
        }
        else
        {
            var answer = (await client.CompleteChatAsync(messages, options)).Value;
            Console.WriteLine(string.Concat(answer.Content.Select(static part => part.Text)));
            timing.Tell(answer.Usage?.OutputTokenCount, answer.FinishReason.ToString());
        }
    }

    private static async Task StreamAsync(IAsyncEnumerable<StreamingChatCompletionUpdate> updates, string end, Timing timing)
    {
        ChatTokenUsage? usage = null;
        ChatFinishReason? reason = null;
        try
        {
            await foreach (var update in updates)
            {
                usage = update.Usage ?? usage;
                reason = update.FinishReason ?? reason;
                foreach (var part in update.ContentUpdate)
                {
                    timing.Print(part.Text, end);
                }
            }
        }
        finally
        {
            timing.EndLine(end);
        }

        timing.Tell(usage?.OutputTokenCount, reason?.ToString());
    }
}
