namespace AiRouter.Tests.Clients;

/// <summary>
/// Clients that speak other dialects than chat completions (<c>dialects/suite.mjs</c>): OpenAI's for the Responses API, the AI SDK,
/// LangChain and Anthropic's, one test per check.
/// </summary>
public sealed class DialectClientTests(ClientServers servers)
{
    private static readonly NodeSuite Suite = new("dialects", static servers => servers.DialectUrlAsync());

    /// <summary>The checks that the suite must have run; one more or less in the suite fails too.</summary>
    public static TheoryData<string> Checks { get; } = [.. Names()];

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Client(string check)
    {
        var results = await Suite.ResultsAsync(servers);

        Assert.True(results.TryGetValue(check, out var error), $"The suite has no check '{check}'.");
        Assert.True(error is null, error);
    }

    [Fact]
    public async Task Every_check_of_the_suite_is_a_test_here() =>
        Assert.Equal(Names().Order(StringComparer.Ordinal), (await Suite.ResultsAsync(servers)).Keys.Order(StringComparer.Ordinal));

    private static IEnumerable<string> Names()
    {
        string[] ofEach =
        [
            "responses", "responses stream helper", "responses tool round trip", "responses structured output",
            "responses cut by the token limit are incomplete", "responses error in the middle of a stream is raised",
            "AI SDK text", "AI SDK stream", "AI SDK tools", "AI SDK object", "LangChain over responses",
            "reasoning is the summary of those who ask for one", "AI SDK reads reasoning", "AI SDK sends reasoning back",
            "LangChain reads reasoning",
            "Anthropic message", "Anthropic stream helper", "Anthropic tool round trip", "Anthropic tool round trip streamed",
            "Anthropic cut by the token limit", "Anthropic error in the middle of a stream is raised",
        ];
        string[] others =
        [
            "responses go on from one that is kept", "AI SDK names what it was answered",
            "responses with a tool of OpenAI's own are refused by name", "tokens of responses",
            "tokens of Anthropic messages", "Anthropic errors have their type",
        ];
        return new[] { "tools", "tools-relay" }.SelectMany(m => ofEach.Select(c => $"{m}: {c}")).Concat(others);
    }
}
