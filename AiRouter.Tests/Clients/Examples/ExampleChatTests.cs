using System.Globalization;
using System.Text.RegularExpressions;

namespace AiRouter.Tests.Clients.Examples;

/// <summary>The chats in <c>clients/</c>: the same options, the same lines.</summary>
public sealed partial class ExampleChatTests(ClientServers servers)
{
    /// <summary>Those that this machine can run.</summary>
    public static TheoryData<string> Clients { get; } =
        [.. ExampleClient.All.Where(static client => client.Missing is null).Select(static client => client.Name)];

    /// <summary>All.</summary>
    public static TheoryData<string> Every { get; } = [.. ExampleClient.All.Select(static client => client.Name)];

    [Theory]
    [MemberData(nameof(Every))]
    public void Example_can_be_run_here(string name)
    {
        var missing = Client(name).Missing;

        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Whole_answer_is_printed_and_its_tokens_are_told(string name)
    {
        using var run = await StartAsync(name, "-t", "5", "[[tokens:40]]");
        var (exit, output, errors) = await run.EndAsync();

        Assert.Equal((0, "This is the Triton simulator\n"), (exit, output));
        var figures = Tokens().Match(Assert.Single(errors));
        Assert.True(figures.Success, errors[0]);
        Assert.Equal(("5", "length"), (figures.Groups["tokens"].Value, figures.Groups["reason"].Value));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Stream_is_printed_and_timed(string name)
    {
        using var run = await StartAsync(name, "-S", "[[say:Grüße, 世界 🎉 und mehr]]", "[[start:200]]", "[[delay:20]]");
        var (exit, output, errors) = await run.EndAsync();

        Assert.Equal((0, "Grüße, 世界 🎉 und mehr\n"), (exit, output));
        Assert.Equal(2, errors.Count);
        var first = FirstToken().Match(errors[0]);
        var figures = Tokens().Match(errors[1]);
        Assert.True(first.Success && figures.Success, string.Join('\n', errors));
        var milliseconds = Number(figures, "ms");
        Assert.InRange(Number(first, "ms"), 200, milliseconds - 1);
        Assert.Equal("stop", figures.Groups["reason"].Value);

        // What is printed is rounded.
        var tokens = Number(figures, "tokens");
        Assert.InRange(Number(figures, "rate"), (tokens * 1000 / (milliseconds + 1)) - 0.1, (tokens * 1000 / (milliseconds - 1)) + 0.1);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Chunks_are_lines_with_n_and_come_while_the_answer_is_made(string name)
    {
        using var run = await StartAsync(name, "-S", "-n", "[[say:one two three]]", "[[hang-after:2]]");

        Assert.Equal("one", await run.LineAsync());
        Assert.Equal(" two", await run.LineAsync());
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Error_is_one_line_with_its_status(string name)
    {
        using var whole = await StartAsync(name, "-m", "nope");
        using var streamed = await StartAsync(name, "-S", "-m", "nope");

        foreach (var run in new[] { whole, streamed })
        {
            var (exit, output, errors) = await run.EndAsync();
            Assert.Equal((1, ""), (exit, output));
            Assert.Equal("error 404: The model 'nope' does not exist.", Assert.Single(errors));
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Stream_that_breaks_is_an_error_after_what_came(string name)
    {
        using var run = await StartAsync(name, "-S", "[[say:one two three four]]", "[[error-after:2]]", "[[delay:1]]");
        var (exit, output, errors) = await run.EndAsync();

        Assert.Equal((1, "one two\n"), (exit, output));
        Assert.StartsWith("error: ", errors[^1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Key_and_address_come_from_the_environment_too(string name)
    {
        var environment = new Dictionary<string, string>
        {
            ["AIROUTER_URL"] = (await servers.KeyedUrlAsync()).ToString(),
            ["AIROUTER_KEY"] = ClientServers.Key,
        };
        using var right = ExampleRun.Start(Client(name).Chat, ["-m", "words", "[[say:Hi]]"], environment);
        environment["AIROUTER_KEY"] = "sk-wrong";
        using var wrong = ExampleRun.Start(Client(name).Chat, ["-m", "words", "[[say:Hi]]"], environment);

        Assert.Equal("Hi\n", (await right.EndAsync()).Output);
        Assert.StartsWith("error 401: ", Assert.Single((await wrong.EndAsync()).Errors), StringComparison.Ordinal);
    }

    private static ExampleClient Client(string name) => ExampleClient.All.Single(client => client.Name == name);

    private static double Number(Match match, string group) =>
        double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private async Task<ExampleRun> StartAsync(string name, params string[] arguments) => ExampleRun.Start(
        Client(name).Chat, ["-u", (await servers.KeyedUrlAsync()).ToString(), "-k", ClientServers.Key, "-m", "words", .. arguments]);

    [GeneratedRegex(@"^time to first token: (?<ms>\d+) ms$")]
    private static partial Regex FirstToken();

    [GeneratedRegex(
        @"^tokens: (?<tokens>\d+) in (?<ms>\d+) ms, (?<rate>\d+\.\d) tokens/s, finish reason: (?<reason>\w+)$")]
    private static partial Regex Tokens();
}
