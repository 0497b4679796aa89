using System.Net;
using System.Text;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Backends.OpenAi;

/// <summary>R40 and the ends of answers, for clients that speak HTTP/2.</summary>
public sealed class Http2ClientTests
{
    private const string Chunk = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";
    private const string Ask = """{"model":"public-model","stream":true,"messages":[{}],"input":"x"}""";

    [Fact]
    public async Task Whole_stream_ends_cleanly()
    {
        var (text, failure, _) = await AskAsync("chat/completions", call => call.EventsAsync(
            Chunk, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"));

        Assert.Null(failure);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R40_broken_stream_delivers_its_error_event_and_then_a_reset()
    {
        for (var i = 0; i < 20; i++)
        {
            var (text, failure, _) = await AskAsync("chat/completions", async call =>
            {
                await call.EventsAsync(Chunk);
                await UpstreamCall.BreakOffAsync();
            });

            Assert.NotNull(failure);
            Assert.StartsWith(Chunk, text, StringComparison.Ordinal);
            Assert.Contains("backend_stream_broken", text, StringComparison.Ordinal);
            Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Broken_audio_is_not_a_whole_file()
    {
        var (text, failure, _) = await AskAsync("audio/speech", async call =>
        {
            call.Http.Response.ContentType = "audio/mpeg";
            await call.WriteAsync("first");
            await UpstreamCall.BreakOffAsync();
        });

        Assert.NotNull(failure);
        Assert.True(text is "first" or "");
    }

    [Fact]
    public async Task Client_that_leaves_ends_the_request_at_the_backend()
    {
        var (_, _, request) = await AskAsync(
            "chat/completions",
            async call =>
            {
                await call.EventsAsync(Chunk);
                await call.HangAsync();
            },
            readsOn: false);

        await request.Aborted.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private static async Task<(string Text, Exception? Failure, RecordedRequest Request)> AskAsync(
        string path, Func<UpstreamCall, Task> script, bool readsOn = true)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(script);
        await using var router = await RunningRouter.StartAsync(upstream, configure: services => services
            .Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2)));
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(Ask, Encoding.UTF8, "application/json"),
        };
        using var response = await router.Http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpVersion.Version20, response.Version);
        var text = new MemoryStream();
        Exception? failure = null;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            var buffer = new byte[1000];
            for (var read = 1; read > 0;)
            {
                read = await body.ReadAsync(buffer, TestContext.Current.CancellationToken);
                text.Write(buffer, 0, read);
                if (!readsOn)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            failure = exception;
        }

        if (!readsOn)
        {
            response.Dispose();
            await upstream.Request.Aborted.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }

        return (Encoding.UTF8.GetString(text.ToArray()), failure, upstream.Request);
    }
}
