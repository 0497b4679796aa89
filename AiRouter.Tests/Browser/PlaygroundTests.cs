using System.Text.Json.Nodes;
using AiRouter.Benchmarks.Processes;
using AiRouter.Tests.Fixtures;
using Microsoft.Playwright;

namespace AiRouter.Tests.Browser;

/// <summary>The playground and the request log, with a router and a backend that a script answers for.</summary>
[Collection(BrowserTests.Name)]
public sealed class PlaygroundTests(StoreServers servers, Browser browser) : IAsyncLifetime
{
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedUpstream _upstream = null!;
    private AdminStage _stage = null!;
    private HttpClient _api = null!;

    // The router's probes aside.
    private IEnumerable<RecordedRequest> Asked => _upstream.Requests.Where(static r => r.Method == "POST");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(AnswerAsync);
        var address = $"http://127.0.0.1:{LoopbackPort.Free()}";
        _stage = await AdminStage.StartAsync(servers, Document(), ("AIROUTER_API_URL", address));
        _api = await _stage.StartApiAsync(("ASPNETCORE_URLS", address));
    }

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        await _stage.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Conversation_streams_as_a_key_shows_reasoning_tools_timing_and_errors_and_stands_in_the_request_log()
    {
        var key = await CreateKeyAsync("team-a");
        var page = await _stage.SignInAsync(browser, "/requests");
        await page.GetByText("The request log is off").WaitForAsync();
        await page.InspectAsync("requests-off");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch it on" }).ClickAsync();
        await page.GetByText("No requests yet").WaitForAsync();
        await page.GotoAsync("/playground?model=llama");
        await page.GetByLabel("Your message").WaitForAsync();
        await page.InspectAsync("playground-empty");
        await page.GetByLabel("As client key").FillAsync("team-a");

        // It is shown as it comes: the rest waits for the test.
        await SayAsync(page, "slow, please");
        await page.GetByText("The first half").WaitForAsync();
        Assert.False(await page.GetByText("and the second").IsVisibleAsync());
        await page.GetByText("Reasoning", new() { Exact = true }).WaitForAsync();
        _goOn.SetResult();
        await page.GetByText("The first half, and the second.").WaitForAsync();
        await page.GetByText("12 in, 5 out").WaitForAsync();

        // Tools: the model calls, whoever sits here answers.
        await page.GetByText("Tools", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Use an example" }).ClickAsync();
        await SayAsync(page, "weather, please");
        await page.GetByLabel("Result of get_weather").FillAsync("21 degrees");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the result" }).ClickAsync();
        await page.GetByText("It is warm.").WaitForAsync();
        var sent = JsonNode.Parse(Asked.Last().Text)!;
        Assert.Equal(("tool", "21 degrees"), ((string?)sent["messages"]!.AsArray()[^1]!["role"], (string?)sent["messages"]!.AsArray()[^1]!["content"]));

        // An error, as the client gets it.
        await SayAsync(page, "fail, please");
        await page.GetByText("rate_limit_exceeded", new() { Exact = true }).First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).WaitForAsync();
        await page.InspectAsync("playground");

        await page.GetByRole(AriaRole.Button, new() { Name = "Copy as code" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Python", Exact = true }).ClickAsync();
        await page.GetByText("client.chat.completions.create").WaitForAsync();
        await page.InspectAsync("playground-code");
        Assert.DoesNotContain("sk-air-play", await page.ContentAsync(), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Escape");

        // A key that is switched off: nothing reaches the backend.
        await _stage.Management.PostAsync($"keys/{key}/disable", null, Cancelled);
        await Eventually.HoldsAsync(async () =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).WaitForAsync();
            return await page.GetByText("The key that the playground acts for is switched off.").CountAsync() > 0;
        });

        // All of it is in the log, with who asked.
        await page.GotoAsync("/requests");
        await page.GetByText("team-a, by environment (playground)").First.WaitForAsync();
        await page.GetByRole(AriaRole.Region, new() { Name = "List of requests" }).GetByText("Answered", new() { Exact = true }).First.WaitForAsync();
        await page.InspectAsync("requests");
        await page.GetByLabel("Ended").SelectOptionAsync("limited");
        await page.GetByRole(AriaRole.Button, new() { Name = "details of" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Where the time went" }).WaitForAsync();
        await page.InspectAsync("request");
        Assert.DoesNotContain(_upstream.Requests, static r => r.Headers.Values.Any(static v => v.Contains("sk-air", StringComparison.Ordinal)));
        Assert.DoesNotContain("sk-air-play", _stage.Admin.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_is_stopped_where_it_is_and_a_viewer_may_not_ask()
    {
        var page = await _stage.SignInAsync(browser, "/playground", width: 360);
        await page.GetByLabel("Your message").FillAsync("slow, please");
        await page.GetByLabel("Your message").PressAsync("Control+Enter");
        await page.GetByText("The first half").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await page.GetByText("Stopped", new() { Exact = true }).WaitForAsync();
        await Assert.Single(Asked).Aborted.Task.WaitAsync(Eventually.Deadline, Cancelled);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        await page.ShootAsync("playground-narrow");

        var viewer = await _stage.SignInAsync(browser, "/playground", await _stage.CreateAdminAsync("viewer"));
        await viewer.GetByText("Not for your role").WaitForAsync();
        Assert.Equal(0, await viewer.GetByLabel("Your message").CountAsync());
        await viewer.AxeAsync();
    }

    private static Task SayAsync(IPage page, string text) => SayAsync(page.GetByLabel("Your message"), text);

    private static async Task SayAsync(ILocator message, string text)
    {
        await message.FillAsync(text);
        await message.PressAsync("Control+Enter");
    }

    private async Task<string> CreateKeyAsync(string name)
    {
        using var content = new StringContent($$"""{"name":"{{name}}"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await _stage.Management.PostAsync("keys", content, Cancelled);
        var key = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;

        // Routers know it within a second.
        await Eventually.HoldsAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
            request.Headers.Authorization = new("Bearer", (string?)key["key"]);
            return (await _api.SendAsync(request, Cancelled)).IsSuccessStatusCode;
        });
        return (string)key["id"]!;
    }

    private string Document() => $$"""
        backends:
          up: { url: "{{_upstream.Url}}" }
        models:
          llama: { targets: [ { backend: up } ], maxTokens: { default: 100, max: 1000 } }
          "gpt-*": { targets: [ { backend: up } ] }
        """;

    private async Task AnswerAsync(UpstreamCall call)
    {
        if (call.Request.Method != "POST")
        {
            await call.JsonAsync("""{"object":"list","data":[]}""");
            return;
        }

        var last = (string?)JsonNode.Parse(call.Request.Text)!["messages"]!.AsArray()[^1]!["content"] ?? "";
        if (last.StartsWith("fail", StringComparison.Ordinal))
        {
            await call.JsonAsync("""{"error":{"message":"Too many.","type":"requests","code":"rate_limit_exceeded","param":null}}""", 429);
        }
        else if (last.StartsWith("weather", StringComparison.Ordinal))
        {
            await call.EventsAsync(
                Chunk("""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":"}}]}"""),
                Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"\"Paris\"}"}}]}"""),
                End("tool_calls"), "data: [DONE]\n\n");
        }
        else if (last.StartsWith("slow", StringComparison.Ordinal))
        {
            await call.EventsAsync(
                Chunk("""{"reasoning_content":"They want it slow."}"""), Chunk("""{"content":"The first half"}"""));
            await _goOn.Task.WaitAsync(call.Ended);
            await call.WriteAsync(Chunk("""{"content":", and the second."}""") + End("stop") + "data: [DONE]\n\n");
        }
        else
        {
            await call.EventsAsync(Chunk("""{"content":"It is warm."}"""), End("stop"), "data: [DONE]\n\n");
        }
    }

    private static string Chunk(string delta) =>
        $$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""" + "\n\n";

    private static string End(string reason) =>
        """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"REASON"}],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}"""
            .Replace("REASON", reason, StringComparison.Ordinal) + "\n\n";
}
