namespace AiRouter.Tests.Clients.Examples;

/// <summary>The comparisons of embeddings in <c>clients/</c>: the same options, the same lines.</summary>
public sealed class ExampleEmbeddingTests(ClientServers servers)
{
    /// <summary>Those that this machine can run.</summary>
    public static TheoryData<string> Clients { get; } =
    [
        .. ExampleClient.All.Where(static client => client is { Missing: null, Embeddings: not null })
            .Select(static client => client.Name),
    ];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Texts_are_compared_with_each_other(string name)
    {
        var (exit, output, errors) = await RunAsync(name, "a cat", "a bill", "a cat");

        Assert.Equal(0, exit);
        Assert.Collection(
            output.TrimEnd('\n').Split('\n'),
            static line => Assert.Matches(@"^-?0\.\d{4}  a cat \| a bill$", line),
            static line => Assert.Equal("1.0000  a cat | a cat", line),
            static line => Assert.Matches(@"^-?0\.\d{4}  a bill \| a cat$", line));
        Assert.Matches(@"^bge: 3 embeddings of 384 dimensions in \d+ ms$", Assert.Single(errors));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Texts_are_compared_at_another_model(string name)
    {
        var url = (await servers.KeyedUrlAsync()).ToString();
        var (exit, output, errors) = await RunAsync(
            name, "-M", "bge-copy", "-U", url, "-K", ClientServers.Key, "a cat", "Grüße, 世界");

        Assert.Equal((0, "1.0000  a cat\n1.0000  Grüße, 世界\n"), (exit, output));
        Assert.Equal(["bge", "bge-copy"], errors.Select(static line => line.Split(':')[0]));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Error_is_one_line_with_its_status(string name)
    {
        var (exit, output, errors) = await RunAsync(name, "-M", "words", "a cat");

        Assert.Equal((1, ""), (exit, output));
        Assert.Equal("error 400: The model 'words' is not for embeddings.", errors[^1]);
    }

    private async Task<(int ExitCode, string Output, IReadOnlyList<string> Errors)> RunAsync(string name, params string[] arguments)
    {
        var client = ExampleClient.All.Single(client => client.Name == name);
        using var run = ExampleRun.Start(
            client.Embeddings!, ["-u", (await servers.KeyedUrlAsync()).ToString(), "-k", ClientServers.Key, .. arguments]);
        return await run.EndAsync();
    }
}
