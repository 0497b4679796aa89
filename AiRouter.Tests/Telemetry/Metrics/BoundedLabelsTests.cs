using System.Net.Sockets;
using System.Text;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Telemetry.Metrics;

/// <summary>Labels have the names of the configuration and nothing else: no client can make new series, and none outlives its name.</summary>
public sealed class BoundedLabelsTests : IDisposable
{
    private const int Names = 10_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-labels-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder.FullName, "airouter.yaml");

    [Fact]
    public async Task Ten_thousand_model_names_that_clients_make_up_add_no_label_value()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await WriteAsync(upstream, "known");
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG"] = File,
            ["Logging__LogLevel__AiRouter"] = "Error",
        });
        await using var _ = process;
        using var __ = http;
        await AskAsync(http.BaseAddress!, 1, static i => ("/v1/chat/completions", $"first-{i}"));
        await AskAsync(http.BaseAddress!, 1, static i => ("/v1/made/up", ""));
        await AskAsync(http.BaseAddress!, 1, static i => ($"/openai/deployments/first-{i}/chat/completions", ""));
        var before = await SeriesAsync(http);

        await AskAsync(http.BaseAddress!, Names, static i => (i % 10) switch
        {
            0 => ($"/openai/deployments/deployment-{i}/chat/completions", ""),
            1 => ($"/v1/made/up-{i}", ""),
            _ => ("/v1/chat/completions", $"model-{i}"),
        });

        await Eventually.HoldsAsync(async () =>
            (await ReadAsync(http)).Value("http_server_request_duration_seconds_count", "POST") == Names + 3);
        Assert.Equal(before, await SeriesAsync(http));
    }

    [Fact]
    public async Task Names_that_a_pattern_takes_are_counted_under_the_pattern()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            """{"id":"c","object":"chat.completion","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}""");
        await WriteAsync(upstream, "\"gpt-*\"");
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string> { ["AIROUTER_CONFIG"] = File });
        await using var _ = process;
        using var __ = http;

        await AskAsync(http.BaseAddress!, 50, static i => ("/v1/chat/completions", $"gpt-{i}"));

        var models = (await ReadAsync(http)).Samples.SelectMany(s => s.Labels).Where(l => l.Value.StartsWith("gpt-", StringComparison.Ordinal));
        Assert.Equal(["gpt-*"], models.Select(l => l.Value).Distinct());
    }

    [Fact]
    public async Task Targets_that_a_new_configuration_does_not_have_are_gone_from_the_gauges()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await WriteAsync(upstream, "stays", "goes");
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string> { ["AIROUTER_CONFIG"] = File });
        await using var _ = process;
        using var __ = http;
        Assert.Equal(["goes", "stays"], Targets(await ReadAsync(http)));

        await WriteAsync(upstream, "stays");
        await Eventually.HoldsAsync(async () => !(await http.GetStringAsync("/v1/models", Token)).Contains("goes", StringComparison.Ordinal));

        await Eventually.HoldsAsync(async () => Targets(await ReadAsync(http)).SequenceEqual(["stays"]));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string[] Targets(PrometheusText metrics) => [.. metrics.Samples
        .Where(s => s.Name is "airouter_target_usable" or "airouter_target_breaker" or "airouter_target_requests_active")
        .Select(s => s.Labels["gen_ai_request_model"]).Distinct().Order(StringComparer.Ordinal)];

    private static async Task<PrometheusText> ReadAsync(HttpClient http) =>
        PrometheusText.Parse(await http.GetStringAsync("/metrics", Token));

    // What the runtime says of itself comes and goes. A scrape is counted itself, and what it said is said again for a moment.
    private static async Task<string[]> SeriesAsync(HttpClient http)
    {
        await Eventually.HoldsAsync(async () => await ReadAsync(http) is var metrics &&
            metrics.Value("airouter_requests_active") == 0 && metrics.Value("http_server_request_duration_seconds_count", "GET") > 0);
        return [.. (await ReadAsync(http)).Series.Where(s => !s.StartsWith("dotnet_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Posts all at once on one connection, whose answers come in the same order: a client per request would take longer.</summary>
    private static async Task AskAsync(Uri root, int count, Func<int, (string Path, string Model)> what)
    {
        var requests = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var (path, model) = what(i);
            var json = $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]}""";
            requests.Append($"POST {path} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");
        }

        using var client = new TcpClient();
        await client.ConnectAsync(root.Host, root.Port, Token);
        var stream = client.GetStream();
        var writing = stream.WriteAsync(Encoding.ASCII.GetBytes(requests.ToString()), Token).AsTask();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        for (var answers = 0; answers < count;)
        {
            var line = await reader.ReadLineAsync(Token);
            Assert.NotNull(line);

            // A body ends without a line break, so the next answer begins within a line.
            answers += line.Contains("HTTP/1.1 ", StringComparison.Ordinal) ? 1 : 0;
        }

        await writing;
    }

    private Task WriteAsync(ScriptedUpstream upstream, params string[] models) => System.IO.File.WriteAllTextAsync(
        File,
        $$"""
        server: { authentication: none }
        backends:
          upstream: { url: "{{upstream.Url}}", probe: { enabled: false } }
        models:
          {{string.Join("\n  ", models.Select(m => $"{m}: {{ targets: [ {{ backend: upstream, model: other }} ] }}"))}}
        """,
        Token);
}
