using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Clients;

/// <summary>
/// What coding agents send (<c>AgentReplays/*.http</c>), put together by hand after their public sources: the second turn of a
/// conversation, behind a call of a tool. Answered over Triton ("thinker") and over a backend that only knows chat ("thinker-relay"),
/// by models that leave out what they cannot do.
/// </summary>
public sealed class AgentReplayTests(ClientServers servers)
{
    private const string Folder = "AiRouter.Tests/Clients/AgentReplays/";
    private const string Answer = "A README and the sources.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("thinker")]
    [InlineData("thinker-relay")]
    public async Task Codex_gets_its_events(string model)
    {
        var (status, body) = await SendAsync("codex", model);

        Assert.True(status == 200, body);
        var events = EventsOf(body);
        Assert.Equal(["response.created", "response.in_progress"], events.Take(2).Select(static e => (string?)e["type"]));
        var response = events[^1]["response"]!;
        Assert.Equal("response.completed", (string?)events[^1]["type"]);
        Assert.False((bool)response["store"]!);
        Assert.Equal(Answer, (string?)response["output"]!.AsArray()[^1]!["content"]![0]!["text"]);
        Assert.Equal(Answer, string.Concat(
            events.Where(static e => (string?)e["type"] == "response.output_text.delta").Select(static e => (string?)e["delta"])));
    }

    [Theory]
    [InlineData("codex-apply-patch", "tools", "tools")]
    [InlineData("codex-local-shell", "tools", "local_shell")]
    [InlineData("codex-local-shell", "tools-relay", "local_shell")]
    public async Task Tools_that_only_OpenAIs_models_know_are_refused_by_their_type(string replay, string model, string type)
    {
        var (status, body) = await SendAsync(replay, model);

        Assert.Equal(400, status);
        Assert.Contains(type, body, StringComparison.Ordinal);
        Assert.Contains("tools", (string?)JsonNode.Parse(body)!["error"]!["param"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("thinker")]
    [InlineData("thinker-relay")]
    public async Task Claude_Code_gets_its_events(string model)
    {
        var (status, body) = await SendAsync("claude-code", model);

        Assert.True(status == 200, body);
        var events = EventsOf(body);
        Assert.Equal("message_start", (string?)events[0]["type"]);
        Assert.Equal(model, (string?)events[0]["message"]!["model"]);
        Assert.Equal(Answer, string.Concat(events.Select(static e => (string?)e["delta"]?["text"])));
        Assert.Equal("end_turn", (string?)events[^2]["delta"]!["stop_reason"]);
        Assert.Equal("message_stop", (string?)events[^1]["type"]);
    }

    [Fact]
    public async Task Claude_Code_counts_its_tokens()
    {
        var (status, body) = await SendAsync("claude-code-count", "thinker");

        Assert.True(status == 200, body);
        Assert.True((int)JsonNode.Parse(body)!["input_tokens"]! > 100, body);
    }

    [Fact]
    public void Every_replay_is_of_use()
    {
        var tests = Checkout.Read("AiRouter.Tests/Clients/AgentReplayTests.cs");
        var replays = Checkout.Files.Where(static file => file.StartsWith(Folder, StringComparison.Ordinal))
            .Select(static file => Path.GetFileNameWithoutExtension(file)).ToList();

        Assert.NotEmpty(replays);
        Assert.All(replays, replay => Assert.Contains($"(\"{replay}\",", tests, StringComparison.Ordinal));
    }

    private static List<JsonNode> EventsOf(string body) =>
    [
        .. body.Split('\n').Where(static line => line.StartsWith("data: ", StringComparison.Ordinal))
            .Select(static line => JsonNode.Parse(line[6..])!),
    ];

    private async Task<(int Status, string Body)> SendAsync(string replay, string model)
    {
        var text = Checkout.Read($"{Folder}{replay}.http").ReplaceLineEndings("\n");
        var headEnd = text.IndexOf("\n\n", StringComparison.Ordinal);
        var head = text[..headEnd].Split('\n');
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(await servers.DialectUrlAsync(), head[0].Split(' ')[1]))
        {
            Content = new StringContent(
                text[(headEnd + 2)..].Replace("\"MODEL\"", $"\"{model}\"", StringComparison.Ordinal), Encoding.UTF8, "application/json"),
        };
        foreach (var header in head.Skip(1).Select(static line => line.Split(": ", 2)).Where(static h => h[0] != "Content-Type"))
        {
            Assert.True(request.Headers.TryAddWithoutValidation(header[0], header[1]));
        }

        using var response = await http.SendAsync(request, Token);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
