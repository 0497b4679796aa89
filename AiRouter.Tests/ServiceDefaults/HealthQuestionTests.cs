using System.Globalization;
using System.Net;
using AiRouter.ServiceDefaults;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.ServiceDefaults;

/// <summary>The command <c>health</c>, which container runtimes run.</summary>
public sealed class HealthQuestionTests
{
    [Theory]
    [InlineData("http://+:3000", "http://127.0.0.1:3000/")]
    [InlineData("http://*:3000", "http://127.0.0.1:3000/")]
    [InlineData("http://0.0.0.0:3000", "http://127.0.0.1:3000/")]
    [InlineData("http://[::]:3000", "http://127.0.0.1:3000/")]
    [InlineData("http://[::1]:3000", "http://[::1]:3000/")]
    [InlineData("http://10.0.0.7", "http://10.0.0.7/")]
    [InlineData("https://+:3443;http://localhost:3000", "http://localhost:3000/")]
    public void Address_is_where_the_process_listens(string setting, string asked) =>
        Assert.Equal(new Uri(asked), HealthQuestion.Reachable(setting));

    [Theory]
    [InlineData("")]
    [InlineData("https://+:3443")]
    [InlineData("http://unix:/tmp/socket")]
    [InlineData("http:/nowhere")]
    public async Task Setting_without_an_http_address_is_named(string setting)
    {
        var (status, said) = await AskAsync(setting);

        Assert.Equal(1, status);
        Assert.Equal($"health: \"{setting}\" has no http address that could be asked", said);
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(204, 0)]
    [InlineData(401, 0)] // server.protectTelemetry
    [InlineData(302, 1)]
    [InlineData(503, 1)]
    public async Task Answer_decides(int answer, int status)
    {
        await using var server = await StartAsync(async context =>
        {
            context.Response.StatusCode = answer;
            if (answer == 503)
            {
                await context.Response.WriteAsync("""{"status":"draining"}""");
            }
        });

        var (found, said) = await AskAsync(server.Urls.Single());

        Assert.Equal(status, found);
        Assert.Equal(
            answer switch
            {
                503 => $$"""health: {{server.Urls.Single()}}/health/ready answers 503 {"status":"draining"}""",
                302 => $"health: {server.Urls.Single()}/health/ready answers 302",
                _ => "",
            },
            said);
    }

    [Fact]
    public async Task Nobody_there_is_told()
    {
        var (status, said) = await AskAsync("http://127.0.0.1:1");

        Assert.Equal(1, status);
        Assert.StartsWith("health: http://127.0.0.1:1/health/ready does not answer: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_that_hangs_is_told_within_seconds()
    {
        var asked = new TaskCompletionSource();
        await using var server = await StartAsync(async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        });

        var (status, said) = await AskAsync(server.Urls.Single());

        Assert.True(asked.Task.IsCompletedSuccessfully);
        Assert.Equal(1, status);
        Assert.Equal($"health: {server.Urls.Single()}/health/ready has not answered within 3 s", said);
    }

    [Fact]
    public async Task Simulator_is_asked_over_HTTP_2()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var said = new StringWriter(CultureInfo.InvariantCulture);

        var status = await HealthQuestion.AskAsync(
            triton.Address.ToString(), "/v2/health/ready", HttpVersion.Version20, said, TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (status, said.ToString()));
    }

    /// <summary>Each program has the command, and finds by its own variables where it listens.</summary>
    [Theory]
    [InlineData("AiRouter.Api")]
    [InlineData("AiRouter.Admin")]
    [InlineData("AiRouter.TritonSimulator")]
    public async Task Program_asks_itself(string project)
    {
        var (status, said) = await ProgramRun.OfAsync(project, [("ASPNETCORE_URLS", "http://+:1")], HealthQuestion.Command);

        Assert.Equal(1, status);
        Assert.StartsWith("health: http://127.0.0.1:1/", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Setting_is_found_as_the_framework_finds_it()
    {
        Assert.Equal("http://a", Setting(("ASPNETCORE_URLS", "http://a"), ("DOTNET_URLS", "http://b"), ("ASPNETCORE_HTTP_PORTS", "1")));
        Assert.Equal("http://b", Setting(("DOTNET_URLS", "http://b")));
        Assert.Equal("http://+:8080;http://+:8081", Setting(("ASPNETCORE_URLS", ""), ("ASPNETCORE_HTTP_PORTS", "8080;8081")));
        Assert.Equal("http://otherwise", Setting());
    }

    private static string Setting(params (string Name, string Value)[] variables) =>
        ListeningSetting.Of(variables.ToDictionary(static v => v.Name, static v => v.Value), "http://otherwise");

    private static async Task<(int Status, string Said)> AskAsync(string address)
    {
        using var said = new StringWriter(CultureInfo.InvariantCulture);
        var status = await HealthQuestion.AskAsync(
            address, DefaultEndpoints.ReadyPath, HttpVersion.Version11, said, TestContext.Current.CancellationToken);
        return (status, said.ToString().Trim());
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
