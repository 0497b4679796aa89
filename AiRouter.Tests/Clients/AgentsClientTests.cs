namespace AiRouter.Tests.Clients;

/// <summary>OpenAI's Agents SDK (<c>dialects/agents.mjs</c>), which asks for responses, one test per check.</summary>
public sealed class AgentsClientTests(ClientServers servers)
{
    private static readonly NodeSuite Suite = new("dialects", static servers => servers.DialectUrlAsync(), "agents.mjs");

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
            "agent", "agent with a function tool", "agent streamed with a function tool", "handoff", "handoff streamed",
            "agent with a typed output", "agent goes on from a kept response",
        ];
        return new[] { "tools", "tools-relay" }.SelectMany(m => ofEach.Select(c => $"{m}: {c}"));
    }
}
