using AiRouter.Api.Backends;
using AiRouter.Api.Routing.Targets;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Routing.Failover;

/// <summary>
/// A router with the model <c>m</c>, whose targets are asked in the order of the upstreams given: the first has priority 0, the next 1.
/// </summary>
internal static class FailoverRouter
{
    public const string Answer =
        """{"id":"c","object":"chat.completion","model":"x","choices":[{"index":0,"message":{"content":"fine"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";

    public const string StreamedAnswer =
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"fine\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    public const string Ask = """{"model":"m","messages":[{"role":"user","content":"x"}]}""";
    public const string AskStream = """{"model":"m","messages":[{"role":"user","content":"x"}],"stream":true}""";

    /// <summary>Starts one.</summary>
    /// <param name="urls">The backends <c>b0</c>, <c>b1</c>, … of kind openai.</param>
    /// <param name="model">Further members of <c>m</c>, in flow style.</param>
    /// <param name="models">Further lines of <c>models</c>, indented by two.</param>
    /// <param name="server">Further members of <c>server</c>, in flow style.</param>
    /// <param name="backend">Further members of all backends, in flow style.</param>
    /// <param name="rest">Further lines.</param>
    /// <param name="targets">How many of the backends are targets of <c>m</c>; absent: all.</param>
    /// <param name="configure">Replaces services.</param>
    public static Task<RunningRouter> StartAsync(
        IReadOnlyList<Uri> urls, string model = "", string models = "", string server = "", string backend = "", string rest = "",
        int? targets = null, Action<IServiceCollection>? configure = null)
    {
        var backends = string.Join('\n', urls.Select((url, i) => $"  b{i}: {{ kind: openai, url: \"{url}\"{Rest(backend)} }}"));
        var all = string.Join(", ", Enumerable.Range(0, targets ?? urls.Count).Select(i => $"{{ backend: b{i}, priority: {i} }}"));
        return RunningRouter.StartAsync(
            $$"""
            server: { authentication: auto, exposeBackend: true{{Rest(server)}} }
            backends:
            {{backends}}
            models:
              m: { targets: [ {{all}} ]{{Rest(model)}} }
            {{models}}
            {{rest}}
            """,
            configure);
    }

    /// <summary>An upstream that answers chats, whole or streamed.</summary>
    public static Task<ScriptedUpstream> GoodAsync() => ScriptedUpstream.StartAsync(AnswerAsync);

    /// <summary>The answer to a chat, whole or streamed.</summary>
    public static Task AnswerAsync(UpstreamCall call) =>
        call.Request.Text.Contains("\"stream\":true", StringComparison.Ordinal) ? call.EventsAsync(StreamedAnswer) : call.JsonAsync(Answer);

    /// <summary>An address where nobody listens.</summary>
    public static async Task<Uri> NobodyAsync()
    {
        await using var gone = await ScriptedUpstream.StartAsync("{}");
        return gone.Url;
    }

    /// <summary>A target of the model <c>m</c> at work.</summary>
    public static RoutedTarget Target(this RunningRouter router, int index, string model = "m") =>
        router.Route(model).Targets[index];

    /// <summary>A model at work.</summary>
    public static ModelRoute Route(this RunningRouter router, string model = "m") =>
        router.Services.GetRequiredService<RouterStates>().Enter()!.Routes[model];

    private static string Rest(string members) => members.Length == 0 ? "" : ", " + members;
}
