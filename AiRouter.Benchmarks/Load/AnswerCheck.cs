using System.Text;
using System.Text.Json;
using AiRouter.TritonSimulator.Models;

namespace AiRouter.Benchmarks.Load;

/// <summary>Whether a whole answer is the right one: its text, its finish reason, its usage, and its form.</summary>
internal static class AnswerCheck
{
    /// <summary>Judges the body of a 200.</summary>
    public static LoadResult Whole(LoadRequest request, byte[] body)
    {
        if (request.RefusedWith is { } status)
        {
            return Wrong($"200 instead of {status}");
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            return request.Operation == LoadOperation.Embedding
                ? Vector(request, json.RootElement)
                : Text(request, json.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Wrong("an answer that cannot be read: " + LoadClient.Describe(exception));
        }
    }

    /// <summary>What is wrong with a usage; null: nothing.</summary>
    public static string? UsageFault(LoadRequest request, JsonElement usage, int outputTokens)
    {
        var input = usage.GetProperty("prompt_tokens").GetInt32();
        var output = usage.TryGetProperty("completion_tokens", out var completion) ? completion.GetInt32() : 0;
        if (usage.GetProperty("total_tokens").GetInt32() != input + output)
        {
            return "usage: the total is not the sum";
        }

        // Embeddings of Triton have no count of their own: that is an estimate, and says so.
        return usage.TryGetProperty("estimated", out var estimated) && estimated.GetBoolean()
            ? request.Operation == LoadOperation.Embedding ? null : "usage: estimated"
            : input != request.PromptTokens ? $"usage: {input} prompt tokens instead of {request.PromptTokens}"
            : output != outputTokens ? $"usage: {output} completion tokens instead of {outputTokens}" : null;
    }

    /// <summary>The tokens that a usage tells.</summary>
    public static (int Input, int Output) Usage(JsonElement usage) =>
        (usage.GetProperty("prompt_tokens").GetInt32(),
            usage.TryGetProperty("completion_tokens", out var completion) ? completion.GetInt32() : 0);

    /// <summary>A wrong answer.</summary>
    public static LoadResult Wrong(string reason) => new() { Outcome = LoadOutcome.Wrong, Reason = reason };

    private static LoadResult Text(LoadRequest request, JsonElement answer)
    {
        var (text, tokens, finish) = request.Answer();
        var choice = answer.GetProperty("choices")[0];
        var said = request.Operation == LoadOperation.Chat
            ? choice.GetProperty("message").GetProperty("content").GetString()
            : choice.GetProperty("text").GetString();
        var usage = answer.GetProperty("usage");
        var fault = said != text ? $"the text is another one: {Differ(text, said)}"
            : choice.GetProperty("finish_reason").GetString() != finish ? "the finish reason is another one"
            : answer.GetProperty("model").GetString() != request.Model ? "the model has another name"
            : answer.GetProperty("choices").GetArrayLength() != 1 ? "more choices than one"
            : UsageFault(request, usage, tokens);
        return fault is null ? new LoadResult { Outcome = LoadOutcome.Answered, Usage = Usage(usage) } : Wrong(fault);
    }

    private static LoadResult Vector(LoadRequest request, JsonElement answer)
    {
        var entry = answer.GetProperty("data")[0];
        var numbers = entry.GetProperty("embedding");
        var right = new float[numbers.GetArrayLength()];
        TextVector.Fill(right, Encoding.UTF8.GetBytes(request.Text));
        var i = 0;
        foreach (var number in numbers.EnumerateArray())
        {
            if (Math.Abs(number.GetSingle() - right[i++]) > 1e-6)
            {
                return Wrong("another text's vector");
            }
        }

        var usage = answer.GetProperty("usage");
        var fault = right.Length == 0 ? "an empty vector"
            : answer.GetProperty("model").GetString() != request.Model ? "the model has another name"
            : UsageFault(request, usage, 0);
        return fault is null ? new LoadResult { Outcome = LoadOutcome.Answered, Usage = Usage(usage) } : Wrong(fault);
    }

    private static string Differ(string right, string? said)
    {
        var at = 0;
        while (at < right.Length && at < said?.Length && right[at] == said[at])
        {
            at++;
        }

        var there = said is null ? "nothing" : $"\"{said[at..Math.Min(said.Length, at + 20)]}\"";
        return $"at {at} of {right.Length} {there} instead of \"{right[at..Math.Min(right.Length, at + 20)]}\"";
    }
}
