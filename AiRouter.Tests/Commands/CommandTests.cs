using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiRouter.Api.Commands;
using AiRouter.Core.Keys;

namespace AiRouter.Tests.Commands;

public sealed class CommandTests
{
    private const string Good = """
        backends: { a: { url: http://a, apiKey: env:AIROUTER_SECRET_A, headers: { X-Literal: value-of-header } } }
        models: { m: { targets: [ { backend: a } ] } }
        """;

    [Theory]
    [InlineData(
        "chek",
        "airouter: there is no command \"chek\" (there are: serve, check, dump, hash-key, discover, import, render, restore, health)")]
    [InlineData("--colour", "airouter: there is no option --colour; --help lists them all")]
    [InlineData("check --config", "airouter: the option --config needs a value")]
    [InlineData("check --config a --config b", "airouter: the option --config is given twice")]
    [InlineData("check more", "airouter: check takes no argument")]
    [InlineData("hash-key a b", "airouter: hash-key takes one argument")]
    [InlineData("check --urls http://x", "airouter: check has no option --urls, only serve")]
    public async Task Arguments_without_sense_give_2_and_one_sentence(string line, string sentence)
    {
        var (code, output, error) = await RunAsync(line);

        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Equal(sentence, error.TrimEnd());
    }

    [Fact]
    public async Task Help_lists_commands_and_options()
    {
        var (code, output, _) = await RunAsync("check --help");

        Assert.Equal(0, code);
        Assert.All(
            new[] { "serve", "check", "dump", "hash-key", "--config FILE", "--otlp-endpoint URL", "--version" },
            word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_is_that_of_the_build()
    {
        var (code, output, _) = await RunAsync("--version");

        Assert.Equal(0, code);
        Assert.Matches(@"^\d+\.\d+\.\d+", output);
    }

    [Theory]
    [InlineData("check --config {file}")]
    [InlineData("--config {file} check")]
    [InlineData("-c {file} check")]
    [InlineData("check --config={file}")]
    public async Task Check_of_a_good_file_gives_0(string line)
    {
        var (code, output, error) = await RunAsync(line, Good);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("1 models", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("dump")]
    [InlineData("serve")]
    public async Task Wrong_file_gives_1_and_every_problem(string command)
    {
        var (code, output, error) = await RunAsync($"{command} --config {{file}}", Good + "\nserver: { maxBody: 1 }\nkey: []");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("server.maxBody: there is no such key (did you mean \"maxBodyMiB\"?)", error, StringComparison.Ordinal);
        Assert.Contains("key: there is no such key (did you mean \"keys\"?)", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dump_shows_the_merged_configuration_without_secrets()
    {
        var (code, output, _) = await RunAsync("dump --config {file}", Good);

        Assert.Equal(0, code);
        Assert.Contains("maxBodyMiB: 99", output, StringComparison.Ordinal);
        Assert.Contains("apiKey: env:AIROUTER_SECRET_A", output, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", output, StringComparison.Ordinal);
        Assert.DoesNotContain("value-of-header", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hash_key_makes_a_key_and_its_hash()
    {
        var (code, output, _) = await RunAsync("hash-key");
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(": ", 2)[1].Trim()).ToList();

        Assert.Equal(0, code);
        Assert.Equal(ClientKeySecret.HashOf(lines[0]), lines[1]);
    }

    [Fact]
    public async Task Hash_key_hashes_what_standard_input_has()
    {
        var secret = ClientKeySecret.Create();
        var (code, output, error) = await RunAsync("hash-key -", input: secret + "\n");

        Assert.Equal((0, ""), (code, error));
        Assert.Equal($"hash: {ClientKeySecret.HashOf(secret)}", output.TrimEnd());
    }

    [Theory]
    [InlineData("http://127.0.0.1:{port}", "airouter: cannot listen on http://127.0.0.1:{port}: somebody else listens there")]
    [InlineData(
        "https://127.0.0.1:0", "airouter: cannot listen on https://127.0.0.1:0: https is not served; put a proxy in front that does")]
    [InlineData("nonsense", "airouter: cannot listen on nonsense: Invalid url: 'nonsense'")]
    public async Task Serve_that_cannot_listen_gives_1_and_one_sentence(string urls, string sentence)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var (code, output, error) = await RunAsync(
            $"serve --config {{file}} --urls {urls.Replace("{port}", port, StringComparison.Ordinal)}", Good);

        Assert.Equal((1, ""), (code, output));
        Assert.Equal(sentence.Replace("{port}", port, StringComparison.Ordinal), error.TrimEnd());
    }

    [Fact]
    public async Task Serve_with_a_collector_that_is_no_address_gives_1_and_one_sentence()
    {
        var (code, _, error) = await RunAsync("serve --config {file} --otlp-endpoint nonsense", Good);

        Assert.Equal(1, code);
        Assert.StartsWith("airouter: otlp-endpoint: 'nonsense' is not the address", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Hash_key_of_nothing_gives_1()
    {
        var (code, output, error) = await RunAsync("hash-key -");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains("no key to hash", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string line, string? config = null, string input = "")
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("airouter-cli-").FullName, "c.yaml");
        if (config is not null)
        {
            await File.WriteAllTextAsync(file, config, TestContext.Current.CancellationToken);
        }

        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandTable.RunAsync(
            [.. line.Split(' ').Select(a => a.Replace("{file}", file, StringComparison.Ordinal))],
            new CommandContext
            {
                Options = new Dictionary<string, string>(),
                Environment = new Dictionary<string, string>
                {
                    ["AIROUTER_SECRET_A"] = "the-secret",
                    ["AIROUTER__SERVER__MAXBODYMIB"] = "99",
                },
                Input = new StringReader(input),
                Output = output,
                Error = error,
            });
        return (code, output.ToString(), error.ToString());
    }
}
