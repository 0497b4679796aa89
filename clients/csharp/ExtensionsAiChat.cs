using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;

/// <summary>A chat with Microsoft.Extensions.AI, whose <see cref="IChatClient"/> does not tell who answers.</summary>
internal static class ExtensionsAiChat
{
    /// <summary>Asks, and prints the answer and how quick it was.</summary>
    public static async Task RunAsync(CommandLine line)
    {
        using var client = new OpenAIClient(new ApiKeyCredential(line.Key), new OpenAIClientOptions { Endpoint = line.Url })
            .GetChatClient(line['m'] ?? "llama-3.1-8b")
            .AsIChatClient();
        var options = new ChatOptions { MaxOutputTokens = line.Tokens };
        var timing = new Timing();
        if (line.Stream)
        {
            await StreamAsync(client.GetStreamingResponseAsync(line.Prompt, options), line.ChunkEnd, timing);
        }
        else
        {
            var answer = await client.GetResponseAsync(line.Prompt, options);
            Console.WriteLine(answer.Text);
            timing.Tell(answer.Usage?.OutputTokenCount, answer.FinishReason?.Value);
        }
    }

    private static async Task StreamAsync(IAsyncEnumerable<ChatResponseUpdate> updates, string end, Timing timing)
    {
        UsageDetails? usage = null;
        ChatFinishReason? reason = null;
        try
        {
            await foreach (var update in updates)
            {
                usage = update.Contents.OfType<UsageContent>().FirstOrDefault()?.Details ?? usage;
                reason = update.FinishReason ?? reason;
                timing.Print(update.Text, end);
            }
        }
        finally
        {
            timing.EndLine(end);
        }

        timing.Tell(usage?.OutputTokenCount, reason?.Value);
    }
}
