using System.Text.Json;

namespace AiRouter.Api.Telemetry.Content;

/// <summary>The messages of an answer: one for each choice of chat or legacy completions, one for all items of a response.</summary>
internal static class OutputMessages
{
    private const string Assistant = "assistant";

    /// <summary>All messages.</summary>
    public static void Write(MessageList list, JsonElement answer)
    {
        foreach (var choice in answer.Items("choices"))
        {
            list.Begin(Assistant);
            list.Text(choice.Text("text"));
            if (choice.Member("message") is { } message)
            {
                InputMessages.WriteParts(list, message);
            }

            list.End(choice.Text("finish_reason"));
        }

        if (answer.Member("output") is not { ValueKind: JsonValueKind.Array } output)
        {
            return;
        }

        list.Begin(Assistant);
        foreach (var item in output.EnumerateArray())
        {
            ResponseItems.WriteParts(list, item, item.Text("type"));
        }

        list.End(answer.Text("status") == "completed" ? "stop" : answer.Text("status"));
    }
}
