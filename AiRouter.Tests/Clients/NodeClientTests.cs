namespace AiRouter.Tests.Clients;

/// <summary>OpenAI's client for Node (<c>node/suite.mjs</c>), one test per check.</summary>
public sealed class NodeClientTests(ClientServers servers)
{
    private static readonly NodeSuite Suite = new("node", static servers => servers.UrlAsync());

    /// <summary>The checks that the suite must have run; one more or less in the suite fails too.</summary>
    public static TheoryData<string> Checks { get; } = [.. Names()];

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Openai_for_node(string check)
    {
        var results = await ResultsAsync();

        Assert.True(results.TryGetValue(check, out var error), $"The suite has no check '{check}'.");
        Assert.True(error is null, error);
    }

    [Fact]
    public async Task Every_check_of_the_suite_is_a_test_here()
    {
        Assert.Equal(Names().Order(StringComparer.Ordinal), (await ResultsAsync()).Keys.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Names()
    {
        string[] chat =
        [
            "chat", "chat stream", "chat stream without usage has none", "stream helper", "two choices",
            "two choices streamed", "stop", "length", "legacy completion", "legacy completion stream", "abort",
            "error before the first token has its status", "error in the middle of a stream is raised",
        ];
        string[] embeddings = ["embeddings", "embeddings as floats equal those of base64"];
        string[] transcriptions = ["transcription", "transcription as subtitles", "transcription stream", "translation"];
        string[] tools =
        [
            "tool round trip", "tool round trip streamed", "tool events of a stream", "two calls in one answer",
            "forced call", "structured output", "structured output streamed", "reasoning",
        ];
        string[] others =
        [
            "models", "model with a slash in its name", "unknown model", "bad request", "unsupported parameter",
            "errors fit the schema", "request id",
        ];
        return new[] { "sim", "relay" }.SelectMany(m => chat.Select(c => $"{m}: {c}"))
            .Concat(new[] { "bge", "bge-relay" }.SelectMany(m => embeddings.Select(c => $"{m}: {c}")))
            .Concat(new[] { "whisper", "whisper-relay" }.SelectMany(m => transcriptions.Select(c => $"{m}: {c}")))
            .Concat(new[] { "tools", "tools-relay" }.SelectMany(m => tools.Select(c => $"{m}: {c}")))
            .Concat(others);
    }

    private async Task<Dictionary<string, string?>> ResultsAsync() => await Suite.ResultsAsync(servers);
}
