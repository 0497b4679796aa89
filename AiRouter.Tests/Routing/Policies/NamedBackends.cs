using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Routing.Policies;

/// <summary>Three backends that say in their answers who they are: a, b and c.</summary>
internal sealed class NamedBackends : IAsyncDisposable
{
    private readonly List<ScriptedUpstream> _upstreams = [];

    private NamedBackends()
    {
    }

    /// <summary>The next request is not answered, whoever gets it.</summary>
    public bool HangsNext { get; set; }

    /// <summary>Who got it.</summary>
    public string? Hanging { get; private set; }

    public static async Task<NamedBackends> StartAsync()
    {
        var backends = new NamedBackends();
        foreach (var name in new[] { "a", "b", "c" })
        {
            backends._upstreams.Add(await ScriptedUpstream.StartAsync(call => backends.AnswerAsync(call, name)));
        }

        return backends;
    }

    /// <summary>A configuration with them behind the model <c>m</c>.</summary>
    /// <param name="model">Further members of the model, in flow style.</param>
    public string Yaml(string model) =>
        $$"""
        backends:
          a: { url: "{{_upstreams[0].Url}}" }
          b: { url: "{{_upstreams[1].Url}}" }
          c: { url: "{{_upstreams[2].Url}}" }
        models:
          m: { {{model}}, targets: [ { backend: a }, { backend: b }, { backend: c } ] }
        """;

    public async ValueTask DisposeAsync()
    {
        foreach (var upstream in _upstreams)
        {
            await upstream.DisposeAsync();
        }
    }

    private Task AnswerAsync(UpstreamCall call, string name)
    {
        if (HangsNext)
        {
            HangsNext = false;
            Hanging = name;
            return call.HangAsync();
        }

        return call.JsonAsync(
            $$"""
            {"id":"1","object":"chat.completion","created":1,"model":"m","served_by":"{{name}}","choices":[
            {"index":0,"message":{"role":"assistant","content":"answer"},"finish_reason":"stop"}]}
            """);
    }
}
