using System.Text;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Triton.Fixtures;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Faults.Clients;

/// <summary>
/// A router with one backend of either kind, which answers as the test wants it to and counts who asks and who has gone. The model has
/// one place, so that a place that is not given back is noticed.
/// </summary>
internal sealed class ClientScene : IAsyncDisposable
{
    /// <summary>The text of a good answer.</summary>
    public const string Text = "one two";

    private const string Start =
        """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"b","choices":[{"index":0,"delta":{"role":"assistant","content":"one"},"finish_reason":null}]}""" + "\n\n";

    private const string Rest =
        """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"b","choices":[{"index":0,"delta":{"content":" two"},"finish_reason":null}]}""" + "\n\n" +
        """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"b","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";

    private const string Whole =
        """{"id":"c","object":"chat.completion","created":1,"model":"b","choices":[{"index":0,"message":{"role":"assistant","content":"one two"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""";

    private readonly RunningClock _clock = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("airouter-client-");
    private ScriptedUpstream? _openAi;
    private ScriptedTriton? _triton;
    private RunningRouter? _router;
    private int _asked;
    private int _running;
    private int _cancelled;
    private long _written;

    private ClientScene()
    {
    }

    public RunningRouter Router => _router!;

    /// <summary>How the backend answers.</summary>
    public BackendMood Mood { get; set; }

    /// <summary>Requests that the backend got.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Requests that it has under way.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Requests that ended before their answers did.</summary>
    public int Cancelled => Volatile.Read(ref _cancelled);

    /// <summary>Bytes that an endless answer has so far.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>How much faster than the real time the router's runs.</summary>
    public int Speed
    {
        get => _clock.Speed;
        set => _clock.Speed = value;
    }

    /// <summary>Files of the router's that are open.</summary>
    public int SpooledFiles => OperatingSystem.IsLinux()
        ? Directory.EnumerateFiles("/proc/self/fd")
            .Count(f => new FileInfo(f).LinkTarget?.StartsWith(_data.FullName, StringComparison.Ordinal) == true)
        : 0;

    /// <summary>Starts one.</summary>
    public static async Task<ClientScene> StartAsync(bool isTriton)
    {
        var scene = new ClientScene();
        Uri url;
        if (isTriton)
        {
            scene._triton = await ScriptedTriton.StartAsync();
            scene._triton.Models["backend-model"] = Configs.Parse(Configs.Ensemble);
            scene._triton.OnInfer = (_, stream) => scene.CountAsync(() => scene.AnswerAsync(stream), stream.Cancelled);
            url = scene._triton.Address;
        }
        else
        {
            scene._openAi = await ScriptedUpstream.StartAsync(call => scene.CountAsync(() => scene.AnswerAsync(call), call.Ended));
            url = scene._openAi.Url;
        }

        var yaml =
            $$"""
            backends:
              upstream: { kind: {{(isTriton ? "triton" : "openai")}}, url: "{{url}}" }
            models:
              public-model:
                {{(isTriton ? "promptFormat: llama3" : "")}}
                maxTokens: { default: 16, max: 64 }
                limits: { concurrent: 1, tokensPerMinute: 100000000 }
                queue: { concurrentPerReplica: 1, waitingPerReplica: 5, maxWait: 3600 }
                targets: [ { backend: upstream, model: backend-model } ]
            """;
        scene._router = await RunningRouter.StartAsync(yaml, services => services
            .AddSingleton<TimeProvider>(scene._clock.Time)
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection([KeyValuePair.Create("AIROUTER_DATA", (string?)scene._data.FullName)]).Build())
            .Configure<KestrelServerOptions>(k =>
                k.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1000, gracePeriod: TimeSpan.FromSeconds(2))));
        return scene;
    }

    /// <summary>A request as it goes over the wire.</summary>
    public static string Request(bool stream, string headers = "Connection: close\r\n")
    {
        var json = Json(stream);
        return Head(Encoding.UTF8.GetByteCount(json), headers) + json;
    }

    /// <summary>A body.</summary>
    public static string Json(bool stream) =>
        $$"""{"model":"public-model","messages":[{"role":"user","content":"hi"}],"stream":{{(stream ? "true" : "false")}}}""";

    /// <summary>The head of a request with a body of this length.</summary>
    public static string Head(long length, string headers = "Connection: close\r\n") =>
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n{headers}Content-Length: {length}\r\n\r\n";

    /// <summary>Asks and expects the right answer.</summary>
    public async Task AnswersAsync(bool stream)
    {
        using var client = await FaultClient.ConnectAsync(Router.Root);
        await client.SendAsync(Request(stream));
        Assert.Equal(FaultOutcome.Right, ClientAnswer.Read(await client.ReadAllAsync(), stream, Text));
    }

    /// <summary>Waits until nothing is left, at the router and at the backend.</summary>
    public async Task NothingIsLeftAsync()
    {
        await Eventually.HoldsAsync(() => Running == 0 && SpooledFiles == 0);
        await LeakCheck.HoldsNothingAsync(Router);
    }

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        await (_openAi?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_triton?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _clock.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private async Task CountAsync(Func<Task> answer, CancellationToken gone)
    {
        Interlocked.Increment(ref _asked);
        Interlocked.Increment(ref _running);
        try
        {
            await answer();
        }
        catch (Exception) when (gone.IsCancellationRequested)
        {
            Interlocked.Increment(ref _cancelled);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task AnswerAsync(UpstreamCall call)
    {
        if (Mood == BackendMood.Hangs)
        {
            await call.HangAsync();
        }

        if (!call.Request.Text.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await call.JsonAsync(Whole);
            return;
        }

        await call.EventsAsync(Start);
        if (Mood == BackendMood.HangsInTheMiddle)
        {
            await call.HangAsync();
        }

        while (Mood == BackendMood.Endless)
        {
            await call.WriteAsync(Start.Replace("one", new string('x', 10_000), StringComparison.Ordinal));
            Interlocked.Add(ref _written, 10_000);
        }

        await call.WriteAsync(Rest + "data: [DONE]\n\n");
        if (Mood == BackendMood.HangsAtTheEnd)
        {
            await call.HangAsync();
        }
    }

    private async Task AnswerAsync(ScriptedStream stream)
    {
        if (Mood == BackendMood.Hangs)
        {
            await Task.Delay(Timeout.Infinite, stream.Cancelled);
        }

        await stream.WriteAsync(Responses.Text("one"));
        if (Mood == BackendMood.HangsInTheMiddle)
        {
            await Task.Delay(Timeout.Infinite, stream.Cancelled);
        }

        while (Mood == BackendMood.Endless)
        {
            await stream.WriteAsync(Responses.Text(new string('x', 10_000)));
            stream.Cancelled.ThrowIfCancellationRequested();
            Interlocked.Add(ref _written, 10_000);
        }

        await stream.WriteAsync(Responses.Text(" two", isFinal: true));
        if (Mood == BackendMood.HangsAtTheEnd)
        {
            await Task.Delay(Timeout.Infinite, stream.Cancelled);
        }
    }
}

/// <summary>How a backend answers.</summary>
internal enum BackendMood
{
    /// <summary>At once.</summary>
    Answers,

    /// <summary>Not at all.</summary>
    Hangs,

    /// <summary>With one token of a stream, and then no more.</summary>
    HangsInTheMiddle,

    /// <summary>With a whole stream that does not close.</summary>
    HangsAtTheEnd,

    /// <summary>With a stream that goes on for ever, as quickly as it is taken.</summary>
    Endless,
}
