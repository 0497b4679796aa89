using System.Text.Json;
using AiRouter.Api.Telemetry;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Realtime;

/// <summary>The events that are looked into: names of models, usage, errors. Everything else in them stays byte for byte.</summary>
public sealed class RealtimeEventTests
{
    [Theory]
    [InlineData(
        """{"type":"session.created", "event_id":"e1","session":{"id":"s","model":"backend-model-2025","tools":[{"model":"x"}]}}""",
        """{"type":"session.created", "event_id":"e1","session":{"id":"s","model":"public-model","tools":[{"model":"x"}]}}""")]
    [InlineData(
        """{"session":{"audio":{"input":{"transcription":{"model":"whisper-1"}}},"model":"backend-model"},"type":"session.updated"}""",
        """{"session":{"audio":{"input":{"transcription":{"model":"whisper-1"}}},"model":"public-model"},"type":"session.updated"}""")]
    [InlineData("""{"type":"session.created","session":{"id":"s"}}""", """{"type":"session.created","session":{"id":"s"}}""")]
    [InlineData("""{"type":"session.created","session":{"model":"x"}""", """{"type":"session.created","session":{"model":"x"}""")]
    [InlineData(
        """{"type":"error","error":{"type":"server_error","message":"backend-model at 127.0.0.1 is ill","code":null}}""",
        """{"type":"error","error":{"type":"server_error","message":"public-model at backend is ill","code":null}}""")]
    [InlineData("""{"type":"other","session":{"model":"backend-model"}}""", """{"type":"other","session":{"model":"backend-model"}}""")]
    public async Task Event_of_the_backend_reaches_the_client_with_the_public_name(string sent, string received)
    {
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            await end.SendAsync(sent);
            await end.SendAsync(sent[..9], endOfMessage: false);
            await end.SendAsync(sent[9..]);
            await RealtimeBackend.EchoAsync(end);
        });
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();

        Assert.Equal(received, (await client.ReceiveAsync()).Text);
        Assert.Equal(received, (await client.ReceiveAsync()).Text);
        await client.CloseAsync();
    }

    [Fact]
    public async Task Event_is_read_wherever_it_is_cut_into_fragments()
    {
        const string Sent = """{"event_id":"Grüße 🎉","type":"session.updated","session":{"model":"backend-model","voice":"x"}}""";
        var bytes = System.Text.Encoding.UTF8.GetBytes(Sent);
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            for (var cut = 0; cut <= bytes.Length; cut++)
            {
                await end.SendAsync(bytes[..cut], System.Net.WebSockets.WebSocketMessageType.Text, endOfMessage: false);
                await end.SendAsync(bytes[cut..], System.Net.WebSockets.WebSocketMessageType.Text);
            }

            await RealtimeBackend.EchoAsync(end);
        });
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();

        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(Sent.Replace("backend-model", "public-model", StringComparison.Ordinal), (await client.ReceiveAsync()).Text);
        }

        await client.CloseAsync();
    }

    [Theory]
    [InlineData(
        """{"type":"session.update","session":{"model": "public-model", "voice":"x"}}""",
        """{"type":"session.update","session":{"model": "backend-model", "voice":"x"}}""")]
    [InlineData("""{"type":"session.update","model":"public-model"}""", """{"type":"session.update","model":"backend-model"}""")]
    [InlineData(
        """{"t\u0079pe":"session.\u0075pdate","s\u0065ssion":{"m\u006fdel":"public-m\u006fdel"}}""",
        """{"t\u0079pe":"session.\u0075pdate","s\u0065ssion":{"m\u006fdel":"backend-model"}}""")]
    [InlineData(
        """{"type":"session.update","session":{"instructions":"model"}}""",
        """{"type":"session.update","session":{"instructions":"model"}}""")]
    public async Task Session_update_reaches_the_backend_with_its_own_name(string sent, string received)
    {
        var seen = new TaskCompletionSource<string>();
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            seen.SetResult((await end.ReceiveAsync()).Text);
            await RealtimeBackend.EchoAsync(end);
        });
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();

        await client.SendAsync(sent);

        Assert.Equal(received, await seen.Task.WaitAsync(TestContext.Current.CancellationToken));
        await client.CloseAsync();
    }

    [Fact]
    public async Task Session_update_to_another_model_is_answered_with_an_error_and_stays_here()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();

        await client.SendAsync("""{"type":"session.update","event_id":"mine","session":{"model":"dear-model"}}""");
        await client.SendAsync("goes on");

        var told = await client.ReceiveEventAsync();
        var error = told.GetProperty("error");
        Assert.Equal("error", told.GetProperty("type").GetString());
        Assert.Equal(
            ("invalid_request_error", "invalid_model", "session.model", "mine"),
            (Text(error, "type"), Text(error, "code"), Text(error, "param"), Text(error, "event_id")));
        Assert.Equal("goes on", (await client.ReceiveAsync()).Text);
        await client.CloseAsync();
    }

    [Fact]
    public async Task Usage_of_every_answer_is_counted()
    {
        string[] events =
        [
            """{"type":"response.done","response":{"id":"r1","usage":""" +
            """{"total_tokens":30,"input_tokens":20,"output_tokens":10,"input_token_details":{"cached_tokens":5}}}}""",
            """{"type":"response.done","response":{"id":"r2","usage":{"total_tokens":7,"input_tokens":4,"output_tokens":3}}}""",
            """{"type":"response.done","response":{"id":"r3","status":"cancelled","usage":null}}""",
            """{"type":"transcription.done","text":"hi","usage":{"prompt_tokens":100,"completion_tokens":1,"total_tokens":101}}""",
        ];

        var line = await LineAsync(events);

        Assert.Contains(" GET /v1/realtime 101 ", line, StringComparison.Ordinal);
        Assert.Contains(" model=public-model cause=- backend=upstream attempts=1 in=124 out=14 ", line, StringComparison.Ordinal);
        Assert.Contains($" received=5 sent={events.Sum(e => e.Length) + 5} ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(65 * 1024, " in=40 out=20 ")]
    [InlineData(16 * 1024 * 1024, " in=20 out=10 ")]
    public async Task Answer_is_counted_up_to_16_MiB_and_goes_on_as_it_is_in_any_case(int size, string counted)
    {
        var large = new string('x', size);
        var line = await LineAsync(
            """{"type":"response.done","response":{"id":"r1","usage":{"input_tokens":20,"output_tokens":10}}}""",
            $$$"""{"type":"response.done","response":{"usage":{"input_tokens":20,"output_tokens":10},"output":"{{{large}}}"}}""");

        Assert.Contains(counted, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"session.update","session":{"instructions":"LARGE","model":"public-model"}}""")]
    [InlineData("""{"session":{"instructions":"LARGE","model":"public-model"},"type":"session.update"}""")]
    public async Task Large_session_update_reaches_the_backend_with_its_own_name(string sent)
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();
        var large = sent.Replace("LARGE", new string('x', 700 * 1024), StringComparison.Ordinal);

        await client.SendAsync(large);

        Assert.Equal(large.Replace("public-model", "backend-model", StringComparison.Ordinal), (await client.ReceiveAsync()).Text);
        await client.CloseAsync();
    }

    [Fact]
    public async Task Large_session_update_to_another_model_is_refused()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();

        await client.SendAsync(
            $$$"""{"session":{"instructions":"{{{new string('x', 300 * 1024)}}}","model":"dear-model"},"type":"session.update"}""");

        Assert.Equal("invalid_model", Text((await client.ReceiveEventAsync()).GetProperty("error"), "code"));
        await client.CloseAsync();
    }

    [Theory]
    [InlineData("""{"type":"input_audio_buffer.append","audio":"LARGE"}""", 17)]
    [InlineData("""{"audio":"LARGE","type":"input_audio_buffer.append"}""", 5)]
    public async Task Large_audio_goes_on(string sent, int size)
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();
        var large = sent.Replace("LARGE", new string('A', size * 1024 * 1024), StringComparison.Ordinal);

        await client.SendAsync(large);

        Assert.Equal(large, (await client.ReceiveAsync()).Text);
        await client.CloseAsync();
    }

    [Theory]
    [InlineData("""{"type":"session.update","session":{"instructions":"LARGE","model":"dear-model"}}""")]
    [InlineData("""{"session":{"instructions":"LARGE","model":"dear-model"},"type":"session.update"}""")]
    public async Task Event_that_may_change_the_model_and_cannot_be_read_is_refused_and_the_session_goes_on(string sent)
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();

        await client.SendAsync(sent.Replace("LARGE", new string('x', 17 * 1024 * 1024), StringComparison.Ordinal));
        await client.SendAsync("goes on");

        Assert.Equal("event_too_large", Text((await client.ReceiveEventAsync()).GetProperty("error"), "code"));
        Assert.Equal("goes on", (await client.ReceiveAsync()).Text);
        await client.CloseAsync();
    }

    /// <summary>The line of a session in which the backend sends these events.</summary>
    private static async Task<string> LineAsync(params string[] events)
    {
        var log = new LogLines<AccessLog>();
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            foreach (var sent in events)
            {
                await end.SendAsync(sent);
            }

            await RealtimeBackend.EchoAsync(end);
        });
        await using var router = await RealtimeClient.RouterAsync(backend, configure: s => s.AddSingleton<ILogger<AccessLog>>(log));
        var client = await router.OpenAsync();
        foreach (var sent in events)
        {
            Assert.Equal(sent, (await client.ReceiveAsync()).Text);
        }

        await client.SendAsync("hello");
        await client.ReceiveAsync();
        await client.CloseAsync();
        await Eventually.HoldsAsync(() => log.All.Count == 1);
        return log.All[0];
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
