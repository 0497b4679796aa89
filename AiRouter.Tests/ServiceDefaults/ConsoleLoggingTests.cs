using System.Diagnostics;
using System.Net;
using System.Text.Json;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.ServiceDefaults;

/// <summary>The console of a process as those have it who read it, or do not.</summary>
public sealed class ConsoleLoggingTests
{
    // More than a pipe and the framework's queue hold together.
    private const int Requests = 4000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("line", "^\\d{4}-\\d\\d-\\d\\dT[\\d:.]{12}Z info: Microsoft.Hosting.Lifetime\\[14\\] Now listening on: http://")]
    [InlineData("json", "^{\"time\":\"[^\"]{24}\",\"level\":\"info\",\"category\":\"Microsoft.Hosting.Lifetime\",\"event\":14,\"message\":\"Now listening on: http://")]
    [InlineData("systemd", "^<6>Microsoft.Hosting.Lifetime\\[14\\] Now listening on: http://")]
    [InlineData("SIMPLE", "^      Now listening on: http://")]
    public async Task Form_is_the_one_that_was_chosen(string name, string line)
    {
        var (process, http) = await ApiProcess.StartAsync(Environment(("Logging__Console__FormatterName", name)));
        await using var _ = process;
        using var __ = http;

        Assert.Matches(line, process.Output.Split('\n').Single(l => l.Contains("Now listening", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Console_that_nobody_reads_holds_no_request_up_and_has_every_line_when_somebody_does()
    {
        using var process = Start(Environment());
        try
        {
            using var http = new HttpClient { BaseAddress = await ListeningAsync(process) };
            await Parallel.ForAsync(0, Requests, Token, async (i, cancellationToken) =>
            {
                using var response = await http.GetAsync($"/no/such/path/{i}", cancellationToken);
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            });

            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            var rest = await process.StandardOutput.ReadToEndAsync(Token);
            await process.WaitForExitAsync(Token);
            var paths = rest.Split('\n').Where(l => l.Contains("AccessLog", StringComparison.Ordinal))
                .Select(l => JsonDocument.Parse(l).RootElement.GetProperty("path").GetString()).ToHashSet();
            Assert.Equal(Requests, paths.Count);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Dictionary<string, string> Environment(params ReadOnlySpan<(string Name, string Value)> more)
    {
        var environment = new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG_YAML"] = """
                server: { authentication: none }
                backends: { b: { url: "http://127.0.0.1:9", probe: { enabled: false } } }
                models: { m: { targets: [ { backend: b } ] } }
                """,
            ["Logging__Console__FormatterName"] = "json",
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return environment;
    }

    private static Process Start(Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AiRouter.Api.dll"), "serve", "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task<Uri> ListeningAsync(Process process)
    {
        const string told = "Now listening on: ";
        while (await process.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            if (line.Contains(told, StringComparison.Ordinal))
            {
                return new Uri(JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()![told.Length..]);
            }
        }

        throw new InvalidOperationException("The process ended.");
    }
}
