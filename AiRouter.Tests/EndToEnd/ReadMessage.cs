using System.Text.Json;

namespace AiRouter.Tests.EndToEnd;

/// <summary>A choice of a chat answer, whole or put together from a stream as clients do it.</summary>
internal sealed record ReadMessage
{
    /// <summary>Null when the message has none.</summary>
    public string? Content { get; private set; }

    public string? Reasoning { get; private set; }

    /// <summary>The member <c>reasoning</c>.</summary>
    public string? Repeated { get; private set; }

    public List<ReadCall> Calls { get; } = [];

    /// <summary>The member <c>function_call</c>.</summary>
    public ReadCall? Function { get; private set; }

    public string? FinishReason { get; private set; }

    /// <summary>The tokens of the log probabilities.</summary>
    public List<string> Tokens { get; } = [];

    public JsonElement Usage { get; private set; }

    /// <summary>Reads the body of a response.</summary>
    public static ReadMessage From(string body, int choice = 0)
    {
        var message = new ReadMessage();
        if (body.StartsWith('{'))
        {
            var answer = JsonDocument.Parse(body).RootElement;
            message.Usage = answer.GetProperty("usage");
            message.Add(answer.GetProperty("choices")[choice], "message");
            return message;
        }

        foreach (var chunk in Events.Parse(body))
        {
            message.Usage = chunk.TryGetProperty("usage", out var usage) ? usage : default;
            foreach (var part in chunk.GetProperty("choices").EnumerateArray())
            {
                if (part.GetProperty("index").GetInt32() == choice)
                {
                    message.Add(part, "delta");
                }
            }
        }

        return message;
    }

    private void Add(JsonElement part, string name)
    {
        var said = part.GetProperty(name);
        Content = Joined(Content, said, "content");
        Reasoning = Joined(Reasoning, said, "reasoning_content");
        Repeated = Joined(Repeated, said, "reasoning");
        if (said.TryGetProperty("tool_calls", out var calls))
        {
            foreach (var call in calls.EnumerateArray())
            {
                AddCall(call, name == "delta" ? call.GetProperty("index").GetInt32() : Calls.Count);
            }
        }

        if (said.TryGetProperty("function_call", out var function))
        {
            Function = (Function ?? new ReadCall("", "", "")).With(function);
        }

        if (part.GetProperty("logprobs") is { ValueKind: JsonValueKind.Object } logprobs)
        {
            var tokens = logprobs.GetProperty("content").EnumerateArray();
            Tokens.AddRange(tokens.Select(t => t.GetProperty("token").GetString()!));
        }

        FinishReason = Joined(FinishReason, part, "finish_reason");
    }

    private void AddCall(JsonElement call, int index)
    {
        if (index == Calls.Count)
        {
            Assert.Equal("function", call.GetProperty("type").GetString());
            Calls.Add(new ReadCall(call.GetProperty("id").GetString()!, "", ""));
        }
        else
        {
            // Python's client adds up what is repeated.
            Assert.False(call.TryGetProperty("id", out _) || call.TryGetProperty("type", out _));
            Assert.False(call.GetProperty("function").TryGetProperty("name", out _));
        }

        Calls[index] = Calls[index].With(call.GetProperty("function"));
    }

    private static string? Joined(string? text, JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var more) && more.ValueKind == JsonValueKind.String
            ? text + more.GetString()
            : text;
}

/// <summary>A call of an answer.</summary>
internal sealed record ReadCall(string Id, string Name, string Arguments)
{
    /// <summary>The call with what a <c>function</c> object adds.</summary>
    public ReadCall With(JsonElement function) => this with
    {
        Name = Name + (function.TryGetProperty("name", out var name) ? name.GetString() : ""),
        Arguments = Arguments + function.GetProperty("arguments").GetString(),
    };
}
