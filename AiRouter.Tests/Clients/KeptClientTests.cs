namespace AiRouter.Tests.Clients;

/// <summary>OpenAI's client with what the router keeps for it (<c>dialects/kept.mjs</c>), one test per check.</summary>
public sealed class KeptClientTests(ClientServers servers)
{
    private static readonly NodeSuite Suite = new("dialects", static servers => servers.DialectUrlAsync(), "kept.mjs");

    private static readonly string[] Names =
    [
        "conversation with its items", "responses in a conversation", "response in the background",
        "response in the background is cancelled", "response in the background fails",
    ];

    /// <summary>The checks that the suite must have run; one more or less in the suite fails too.</summary>
    public static TheoryData<string> Checks { get; } = [.. Names];

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
        Assert.Equal(Names.Order(StringComparer.Ordinal), (await Suite.ResultsAsync(servers)).Keys.Order(StringComparer.Ordinal));
}
