using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.Anthropic;

/// <summary>Routers in front of scripted servers that speak Anthropic's Messages API.</summary>
internal static class AnthropicRouter
{
    /// <summary>A chat request.</summary>
    public const string Ask = """{"model":"public-model","messages":[{"role":"user","content":"Hi"}]}""";

    /// <summary>The same for a stream.</summary>
    public const string AskStream =
        """{"model":"public-model","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hi"}]}""";

    /// <summary>A Messages request.</summary>
    public const string AskMessage = """{"model":"public-model","max_tokens":50,"messages":[{"role":"user","content":"Hi"}]}""";

    /// <summary>The same for a stream.</summary>
    public const string AskMessageStream =
        """{"model":"public-model","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"Hi"}]}""";

    /// <summary>One with one model, <c>public-model</c>, that is <c>backend-model</c> at the server.</summary>
    public static Task<RunningRouter> StartAsync(ScriptedUpstream upstream, Func<BackendConfig, BackendConfig>? backend = null) =>
        RunningRouter.StartAsync(upstream, b => (backend is null ? b : backend(b)) with { Kind = BackendKind.Anthropic });

    /// <summary>One whose model has two targets, the second for what the first does not answer.</summary>
    public static Task<RunningRouter> TwoTargetsAsync(ScriptedUpstream first, ScriptedUpstream second, string secondKind = "anthropic") =>
        RunningRouter.StartAsync(
            $$"""
            backends:
              first:  { kind: anthropic, url: "{{first.Url}}" }
              second: { kind: {{secondKind}}, url: "{{second.Url}}" }
            models:
              public-model:
                targets:
                  - { backend: first, model: backend-model }
                  - { backend: second, model: backend-model, priority: 1 }
            """);

    /// <summary>What a client of chat is answered.</summary>
    public static Task<RawResponse> AskAsync(string ask, Func<UpstreamCall, Task> script) => PostAsync("/v1/chat/completions", ask, script);

    /// <summary>What a client of Messages is answered.</summary>
    public static Task<RawResponse> AskMessageAsync(string ask, Func<UpstreamCall, Task> script) => PostAsync("/v1/messages", ask, script);

    private static async Task<RawResponse> PostAsync(string path, string ask, Func<UpstreamCall, Task> script)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(script);
        await using var router = await StartAsync(upstream);
        return await RawHttp.PostAsync(router.Root, path, ask);
    }
}
