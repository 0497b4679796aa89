using System.Text.Json;
using AiRouter.Tests.EndToEnd;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Clients;

/// <summary>What clients send whose language or packages are not on every machine (<c>Replays/*.http</c>), as raw HTTP: OpenAI's
/// client for Python as captured, LangChain for Python as its source writes it.</summary>
public sealed class ReplayTests(ClientServers servers)
{
    private const string Folder = "AiRouter.Tests/Clients/Replays/";

    [Theory]
    [InlineData("python-chat")]
    [InlineData("langchain-python-chat")]
    public async Task Chat(string replay)
    {
        var answer = Json(await SendAsync(replay));

        var choice = answer.GetProperty("choices")[0];
        Assert.Equal("Grüße, 世界", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.True(answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 0);
    }

    [Theory]
    [InlineData("python-chat-stream")]
    [InlineData("langchain-python-chat-stream")]
    public async Task Stream(string replay)
    {
        var response = await SendAsync(replay);

        Assert.Equal((200, true), (response.Status, response.IsWhole));
        Assert.StartsWith("text/event-stream", response.Header("Content-Type"), StringComparison.Ordinal);
        var events = Events.Parse(response.Body);
        Assert.Equal("Grüße, 世界", Events.Text(events));
        Assert.Equal("stop", Events.Finish(events));
        Assert.True(events[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 0);
    }

    [Theory]
    [InlineData("python-embeddings")]
    [InlineData("langchain-python-embeddings")]
    public async Task Embeddings(string replay)
    {
        var embeddings = Json(await SendAsync(replay)).GetProperty("data").EnumerateArray()
            .Select(static item => Convert.FromBase64String(item.GetProperty("embedding").GetString()!)).ToList();

        Assert.Equal([384 * sizeof(float), 384 * sizeof(float)], embeddings.Select(static bytes => bytes.Length));
        Assert.NotEqual(embeddings[0], embeddings[1]);
    }

    [Fact]
    public async Task R18_tokens_for_a_model_that_takes_texts_are_refused_with_the_setting_that_sends_texts()
    {
        var response = await SendAsync("langchain-python-embeddings-of-tokens");

        Assert.Equal(400, response.Status);
        Assert.Contains("check_embedding_ctx_length=False", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_replay_is_of_use()
    {
        var replays = Checkout.Files.Where(static file => file.StartsWith(Folder, StringComparison.Ordinal))
            .Select(static file => Path.GetFileNameWithoutExtension(file)).ToList();
        var tests = Checkout.Read("AiRouter.Tests/Clients/ReplayTests.cs");

        Assert.NotEmpty(replays);
        Assert.All(replays, replay => Assert.Contains($"(\"{replay}\")", tests, StringComparison.Ordinal));
    }

    private static JsonElement Json(RawResponse response)
    {
        Assert.True(response.Status == 200, response.Body);
        return JsonDocument.Parse(response.Body).RootElement;
    }

    // The files have plain line ends. Nothing but the key is changed, and that the connection ends with the answer.
    private async Task<RawResponse> SendAsync(string replay)
    {
        var text = Checkout.Read($"{Folder}{replay}.http").ReplaceLineEndings("\n").TrimEnd('\n');
        var headEnd = text.IndexOf("\n\n", StringComparison.Ordinal);
        var head = text[..headEnd].Replace("\n", "\r\n", StringComparison.Ordinal)
            .Replace("Bearer KEY", "Bearer " + ClientServers.Key, StringComparison.Ordinal)
            .Replace("Connection: keep-alive", "Connection: close", StringComparison.Ordinal);
        return await RawHttp.SendAsync(await servers.KeyedUrlAsync(), head + "\r\n\r\n" + text[(headEnd + 2)..]);
    }
}
