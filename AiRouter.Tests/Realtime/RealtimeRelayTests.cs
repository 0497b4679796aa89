using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Realtime;

/// <summary>What goes through a session, and how it ends.</summary>
public sealed class RealtimeRelayTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Text_and_binary_go_both_ways_as_they_are()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();
        const string Text = """{ "type" : "conversation.item.create", "model":"public-model", "text": "Grüße 🎉" }""";

        await client.SendAsync(Text);
        Assert.Equal(Text, (await client.ReceiveAsync()).Text);
        await client.SendAsync([0, 255, 1, 254]);
        var binary = await client.ReceiveAsync();
        Assert.Equal((WebSocketMessageType.Binary, "00FF01FE"), (binary.Type, Convert.ToHexString(binary.Bytes)));
        await client.SendAsync("");
        Assert.Equal("", (await client.ReceiveAsync()).Text);
        await client.SendAsync("no JSON at all");
        Assert.Equal("no JSON at all", (await client.ReceiveAsync()).Text);
        await client.CloseAsync();
        Assert.Equal("/v1/realtime?model=backend-model", backend.Request.Target);
    }

    [Fact]
    public async Task Fragment_goes_on_before_its_message_has_ended()
    {
        var pieces = new List<(string, bool)>();
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            while (pieces.Count < 6)
            {
                pieces.Add(await end.ReceivePieceAsync());
                await end.SendAsync("got it");
            }

            await end.ReceiveCloseAsync();
            await end.AnswerCloseAsync();
        });
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();
        (string Text, bool IsEnd)[] sent =
        [
            ("""{"type":"input_audio_buffer.append","audio":"AA""", false), ("AA", false), ("""AA"}""", true),
            ("plain ", false), ("text", false), ("", true),
        ];

        foreach (var (text, isEnd) in sent)
        {
            await client.SendAsync(text, isEnd);

            // It has arrived there before the next one is sent.
            Assert.Equal("got it", (await client.ReceiveAsync()).Text);
        }

        await client.CloseAsync();
        Assert.Equal(sent, pieces);
    }

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + 1)]
    [InlineData(1024 * 1024)]
    public async Task Large_message_arrives_whole_in_both_directions(int size)
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();
        var bytes = RandomNumberGenerator.GetBytes(size);
        var text = """{"audio":" """ + new string('x', size) + """ ","type":"session.update"}""";

        var sending = client.SendAsync(bytes);
        Assert.Equal(bytes, (await client.ReceiveAsync()).Bytes);
        await sending;
        sending = client.SendAsync(text);
        Assert.Equal(text, (await client.ReceiveAsync()).Text);
        await sending;
        await client.CloseAsync();
    }

    [Theory]
    [InlineData(1000, "")]
    [InlineData(1001, "going")]
    [InlineData(1008, "policy")]
    [InlineData(4321, "one of ours")]
    public async Task Close_code_and_reason_of_the_client_reach_the_backend(int code, string reason)
    {
        var closed = new TaskCompletionSource<SocketMessage>();
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            closed.SetResult(await end.ReceiveCloseAsync());
            await end.AnswerCloseAsync();
        });
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();

        await client.CloseAsync(code, reason);

        var seen = await closed.Task.WaitAsync(Cancelled);
        Assert.Equal((code, reason), ((int)seen.Status!, seen.Reason));
        Assert.Equal((code, WebSocketState.Closed), ((int)client.Socket.CloseStatus!, client.Socket.State));
    }

    [Theory]
    [InlineData(1000, "bye", "bye")]
    [InlineData(1011, "backend-model at 127.0.0.1 failed", "public-model at backend failed")]
    [InlineData(3000, "", "")]
    public async Task Close_code_and_reason_of_the_backend_reach_the_client(int code, string reason, string shown)
    {
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            await end.SendAsync("last words");
            await end.CloseAsync(code, reason);
        });
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();

        Assert.Equal("last words", (await client.ReceiveAsync()).Text);
        var close = await client.ReceiveAsync();
        Assert.Equal((code, shown), ((int)close.Status!, close.Reason ?? ""));
        await client.AnswerCloseAsync();
    }

    [Theory]
    [InlineData(1012)]
    [InlineData(1013)]
    [InlineData(1014)]
    public async Task Close_code_of_a_backend_that_is_restarted_reaches_the_client(int code)
    {
        var log = new LogLines<AccessLog>();
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            // A message in two frames and one of the longer forms of a length before it: what is read of frames holds for all of them.
            await end.SendAsync(new string('x', 200), endOfMessage: false);
            await end.SendAsync(new string('y', 70_000));
            await end.CloseAsync(code, "again soon");
        });
        await using var router = await RealtimeClient.RouterAsync(backend, configure: s => s.AddSingleton<ILogger<AccessLog>>(log));
        var client = await router.OpenRawAsync();

        Assert.Equal(code, await client.ReceiveCloseAsync());
        await client.SendAsync([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]);

        await Eventually.HoldsAsync(() => log.All.Count == 1);
        Assert.Contains(" cause=- ", log.All[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backend_that_never_answers_a_close_does_not_keep_the_client()
    {
        await using var backend = await RealtimeBackend.StartAsync(end => Task.Delay(Timeout.Infinite, end.Stopped));
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();

        await client.CloseAsync();

        Assert.Equal(WebSocketState.Closed, client.Socket.State);
    }

    [Fact]
    public async Task Backend_that_dies_ends_the_session_with_an_event_and_1011()
    {
        var log = new LogLines<AccessLog>();
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            await end.ReceiveAsync();
            end.Abort();
        });
        await using var router = await RealtimeClient.RouterAsync(backend, configure: s => s.AddSingleton<ILogger<AccessLog>>(log));
        var client = await router.OpenAsync();
        await client.SendAsync("go");

        var told = await client.ReceiveEventAsync();
        Assert.Equal("error", told.GetProperty("type").GetString());
        Assert.Equal("backend_stream_broken", told.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(1011, (int)(await client.ReceiveAsync()).Status!);
        await client.AnswerCloseAsync();

        await Eventually.HoldsAsync(() => log.All.Count == 1);
        Assert.Contains(" GET /v1/realtime 502 ", log.All[0], StringComparison.Ordinal);
        Assert.Contains(" cause=BackendStreamBroken backend=upstream attempts=1 ", log.All[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_dies_ends_the_backends_session_with_1001()
    {
        var log = new LogLines<AccessLog>();
        var closed = new TaskCompletionSource<SocketMessage>();
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            await end.SendAsync("hello");
            closed.SetResult(await end.ReceiveCloseAsync());
            await end.AnswerCloseAsync();
        });
        await using var router = await RealtimeClient.RouterAsync(backend, configure: s => s.AddSingleton<ILogger<AccessLog>>(log));
        var client = await router.OpenAsync();
        await client.ReceiveAsync();

        client.Abort();

        Assert.Equal(1001, (int)(await closed.Task.WaitAsync(Cancelled)).Status!);
        await Eventually.HoldsAsync(() => log.All.Count == 1);
        Assert.Contains(" 499 ", log.All[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_does_not_read_holds_the_backend_back()
    {
        var sent = 0;
        await using var backend = await RealtimeBackend.StartAsync(async end =>
        {
            var piece = new byte[256 * 1024];
            for (; sent < 400; sent++)
            {
                await end.SendAsync(piece);
            }

            await end.CloseAsync();
        });
        await using var router = await RealtimeClient.RouterAsync(backend);
        var client = await router.OpenAsync();

        // The sockets' buffers take some MiB, the router nothing.
        var before = -1;
        await Eventually.HoldsAsync(async () =>
        {
            var isStill = Volatile.Read(ref sent) == before && before > 0;
            before = Volatile.Read(ref sent);
            await Task.Delay(200, Cancelled);
            return isStill;
        });
        Assert.InRange(sent, 1, 200);

        var received = 0;
        while (await client.ReceiveAsync() is { IsClose: false } message)
        {
            received += message.Bytes.Length;
        }

        await client.AnswerCloseAsync();
        Assert.Equal(400 * 256 * 1024, received);
    }

    [Fact]
    public async Task Many_sessions_at_a_time_do_not_mix_and_leave_nothing_behind()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend);
        var recorder = router.Services.GetRequiredService<RequestRecorder>();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(async session =>
        {
            var client = await router.OpenAsync();
            for (var i = 0; i < 20; i++)
            {
                // Some of them fit into one piece, some do not.
                var text = $"session {session}, message {i} " + new string('x', i * 1500);
                await client.SendAsync(text);
                Assert.Equal(text, (await client.ReceiveAsync()).Text);
            }

            if (session % 3 == 0)
            {
                client.Abort();
            }
            else
            {
                await client.CloseAsync();
            }
        }));

        await Eventually.HoldsAsync(() => recorder.Active == 0);
    }

    [Fact]
    public async Task Session_over_http2_begins_with_connect()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend, configure: s => s.Configure<KestrelServerOptions>(
            static k => k.ConfigureEndpointDefaults(static l => l.Protocols = HttpProtocols.Http2)));
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        var client = await router.OpenAsync(
            options: o =>
            {
                o.HttpVersion = HttpVersion.Version20;
                o.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            },
            invoker: invoker);

        await client.SendAsync("over HTTP/2");

        Assert.Equal("over HTTP/2", (await client.ReceiveAsync()).Text);
        await client.CloseAsync();
        Assert.Equal("GET", backend.Request.Method);
    }

    [Fact]
    public async Task Backend_with_tls_is_checked_against_its_ca_file()
    {
        using var certificate = new LocalhostCertificate();
        using var other = new LocalhostCertificate();
        await using var backend = await RealtimeBackend.StartAsync(
            listen: l => l.UseHttps(certificate.Certificate));
        foreach (var (file, status) in new[] { (certificate.File, 101), (other.File, 502) })
        {
            await using var router = await RealtimeClient.RouterAsync(backend, c => c with
            {
                Backends = new Dictionary<string, BackendConfig>
                {
                    ["upstream"] = c.Backends["upstream"] with { Tls = new TlsConfig { CaFile = file } },
                },
            });
            if (status != 101)
            {
                Assert.Equal(status, (await router.RefusedAsync()).Status);
                continue;
            }

            var client = await router.OpenAsync();
            await client.SendAsync("over TLS");
            Assert.Equal("over TLS", (await client.ReceiveAsync()).Text);
            await client.CloseAsync();
        }
    }
}
