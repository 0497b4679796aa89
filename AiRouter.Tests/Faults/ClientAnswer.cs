using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Faults;

/// <summary>Reads what a client got of a chat completion as strictly as a client can.</summary>
internal static class ClientAnswer
{
    private static readonly string[] _members = ["message", "type", "param", "code"];

    /// <summary>The right answer, an error, or a cut stream; fails for anything else.</summary>
    /// <param name="response">As it came over the socket.</param>
    /// <param name="isStream">A stream was asked for.</param>
    /// <param name="text">The whole text of the right answer.</param>
    /// <param name="showsWait">The outcome tells the <c>Retry-After</c> of an error too.</param>
    public static FaultOutcome Read(RawResponse response, bool isStream, string text, bool showsWait = false)
    {
        if (response.Status != 200)
        {
            Assert.True(response.IsWhole, "The error is not whole: " + response.Head + response.Body);
            return FaultOutcome.Error(
                response.Status,
                CodeOf(JsonNode.Parse(response.Body)!),
                showsWait && response.Header("Retry-After") is { } seconds ? int.Parse(seconds, CultureInfo.InvariantCulture) : null);
        }

        return isStream ? ReadStream(response, text) : ReadWhole(response, text);
    }

    private static FaultOutcome ReadWhole(RawResponse response, string text)
    {
        Assert.True(response.IsWhole, "A whole answer is not whole: " + response.Head);
        var choice = JsonNode.Parse(response.Body)!["choices"]![0]!;
        Assert.Equal(text, (string?)choice["message"]!["content"]);
        Assert.True((string?)choice["finish_reason"] is "stop" or null);
        return choice["finish_reason"] is null ? FaultOutcome.AsSent : FaultOutcome.Right;
    }

    private static FaultOutcome ReadStream(RawResponse response, string text)
    {
        var data = response.Body.Split('\n').Where(static l => l.StartsWith("data: ", StringComparison.Ordinal))
            .Select(static l => l["data: ".Length..]).ToList();
        Assert.True(data.Count > 0, "A stream has no event: " + response.Head + response.Body);
        var isDone = data[^1] == "[DONE]";
        var last = isDone ? null : JsonNode.Parse(data[^1])!;
        if (last?["error"] is not null)
        {
            data.RemoveAt(data.Count - 1);
        }

        Assert.Equal(isDone, response.IsWhole);
        var (got, finish) = Assemble(data);
        if (isDone)
        {
            Assert.Equal(text, got);
            Assert.Equal("stop", finish);
            return FaultOutcome.Right;
        }

        Assert.True(last?["error"] is not null, "A cut stream has no error event: " + response.Body);
        Assert.DoesNotContain("[DONE]", data);
        Assert.True(data.Count > 0, "A stream has nothing but an error, which should have been a response: " + response.Body);
        Assert.StartsWith(got, text, StringComparison.Ordinal);
        return FaultOutcome.Cut(CodeOf(last));
    }

    private static (string Text, string? Finish) Assemble(List<string> data)
    {
        var text = new StringBuilder();
        string? finish = null;
        foreach (var chunk in data.Where(static d => d != "[DONE]").Select(static d => JsonNode.Parse(d)!))
        {
            Assert.Null(chunk["error"]);
            foreach (var choice in chunk["choices"]!.AsArray())
            {
                text.Append((string?)choice!["delta"]?["content"]);
                finish = (string?)choice["finish_reason"] ?? finish;
            }
        }

        return (text.ToString(), finish);
    }

    private static string? CodeOf(JsonNode body)
    {
        var error = body["error"]!.AsObject();
        Assert.Equal(_members, error.Select(static m => m.Key));
        Assert.False(string.IsNullOrEmpty((string?)error["message"]));
        Assert.False(string.IsNullOrEmpty((string?)error["type"]));
        return (string?)error["code"];
    }
}
