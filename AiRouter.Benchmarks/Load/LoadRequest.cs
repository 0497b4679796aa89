using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.TritonSimulator.Scripts;

namespace AiRouter.Benchmarks.Load;

/// <summary>What is asked.</summary>
internal enum LoadOperation
{
    /// <summary><c>/v1/chat/completions</c>.</summary>
    Chat,

    /// <summary><c>/v1/completions</c>.</summary>
    Completion,

    /// <summary><c>/v1/embeddings</c>.</summary>
    Embedding,
}

/// <summary>How the client behaves.</summary>
internal enum ClientManner
{
    /// <summary>It reads to the end as fast as it can.</summary>
    Patient,

    /// <summary>It waits between reads.</summary>
    Slow,

    /// <summary>It goes away before the end.</summary>
    Leaving,
}

/// <summary>One request, with all that is needed to know its right answer: backends say back what they were asked.</summary>
internal sealed record LoadRequest
{
    /// <summary>Its id, which is the first word of its text too.</summary>
    public required string Id { get; init; }

    /// <summary>What is asked.</summary>
    public required LoadOperation Operation { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The client key; null: none is sent.</summary>
    public string? Key { get; init; }

    /// <summary>The name of the key, in the router's log.</summary>
    public string? KeyName { get; init; }

    /// <summary>What is said, and what the answer is.</summary>
    public required string Text { get; init; }

    /// <summary>Words for the simulator, before the text.</summary>
    public string Words { get; init; } = "";

    /// <summary>Whether a stream is asked for.</summary>
    public bool IsStream { get; init; }

    /// <summary>Whether a stream is to end with its usage.</summary>
    public bool WantsUsage { get; init; }

    /// <summary>The token limit; null: none is sent.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Whose request it is, for policies that stick.</summary>
    public string? User { get; init; }

    /// <summary>How the client behaves.</summary>
    public ClientManner Manner { get; init; }

    /// <summary>For a client that leaves: when, in milliseconds.</summary>
    public int LeavesAfter { get; init; }

    /// <summary>The status that it must get, where it is a wrong request.</summary>
    public int? RefusedWith { get; init; }

    /// <summary>Whether its model comes and goes: 404 is right too.</summary>
    public bool MayBeMissing { get; init; }

    /// <summary>Not JSON at all.</summary>
    public bool IsGarbage { get; init; }

    /// <summary>Its path.</summary>
    public string Path => Operation switch
    {
        LoadOperation.Chat => "/v1/chat/completions",
        LoadOperation.Completion => "/v1/completions",
        _ => "/v1/embeddings",
    };

    /// <summary>What a backend is told.</summary>
    public string Prompt => Operation == LoadOperation.Embedding ? Text : $"[[echo]]{Words} {Text}";

    /// <summary>The tokens of the prompt.</summary>
    public int PromptTokens => Tokenizer.Count(Prompt);

    /// <summary>The right answer: its text, its tokens and its finish reason.</summary>
    public (string Text, int Tokens, string Finish) Answer()
    {
        var tokens = Tokenizer.Split(Text);
        var count = Math.Min(tokens.Count, MaxTokens ?? int.MaxValue);
        var text = new StringBuilder();
        foreach (var token in tokens.Take(count))
        {
            text.Append(Encoding.UTF8.GetString(token.Span));
        }

        return (text.ToString(), count, tokens.Count < (MaxTokens ?? int.MaxValue) ? "stop" : "length");
    }

    /// <summary>Its body.</summary>
    public byte[] Body()
    {
        if (IsGarbage)
        {
            return Encoding.UTF8.GetBytes("{\"model\":\"" + Model + "\",\"messages\":[{");
        }

        var body = new JsonObject { ["model"] = Model };
        switch (Operation)
        {
            case LoadOperation.Chat:
                body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = Prompt });
                break;
            case LoadOperation.Completion:
                body["prompt"] = Prompt;
                break;
            default:
                body["input"] = Prompt;
                break;
        }

        if (MaxTokens is { } max)
        {
            body["max_tokens"] = max;
        }

        if (User is not null)
        {
            body["user"] = User;
        }

        if (IsStream)
        {
            body["stream"] = true;
            if (WantsUsage)
            {
                body["stream_options"] = new JsonObject { ["include_usage"] = true };
            }
        }

        return JsonSerializer.SerializeToUtf8Bytes(body);
    }
}
