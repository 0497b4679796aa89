using AiRouter.Admin.Management.Live;
using AiRouter.Admin.Management.Models;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Configuration;

namespace AiRouter.Tests.Management;

/// <summary>Who names a model, and what the table of models is made of.</summary>
public sealed class ModelReferencesTests
{
    private static readonly RouterConfig Config = Loaded.Model($$"""
        backends: { up: { url: http://a } }
        models:
          llama: { targets: [ { backend: up } ] }
          other: { targets: [ { backend: up, weight: 0 }, { backend: up, model: x } ], fallbacks: [ { model: llama } ] }
        defaults: { chat: llama, transcriptions: other }
        keys:
          - name: team
            hash: "sha256:{{new string('0', 64)}}"
            models: [llama, "gpt-*"]
            modelLimits: { llama: { requestsPerMinute: 5 } }
        """).Config;

    [Fact]
    public void References_are_found_wherever_the_document_has_them() => Assert.Equal(
        ["defaults.chat", "fallbacks of other", "key team"], ModelReferences.Of(Config, "llama"));

    [Fact]
    public void Renaming_follows_the_model_everywhere_and_touches_nothing_else()
    {
        var renamed = ModelReferences.Renamed(Config, "llama", "llama-3");

        Assert.Empty(ModelReferences.Of(renamed, "llama"));
        Assert.Equal(["defaults.chat", "fallbacks of other", "key team"], ModelReferences.Of(renamed, "llama-3"));
        Assert.Equal(5, renamed.Keys[0].ModelLimits["llama-3"].RequestsPerMinute);
        Assert.Equal(ConfigurationJson.Write(Config), ConfigurationJson.Write(ModelReferences.Renamed(renamed, "llama-3", "llama")));
    }

    [Fact]
    public void Rows_have_what_is_known_and_are_found_by_name_backend_and_operation()
    {
        var rows = ModelOverview.Rows(Config, [new LiveModel("llama", LiveHealth.Good, [], LiveTraffic.None)], []);

        Assert.Equal(["llama", "other"], rows.Select(r => r.Name));
        Assert.Equal(["chat"], rows[0].DefaultFor);
        Assert.Equal(["transcriptions", "translations"], rows[1].DefaultFor);
        Assert.Equal(LiveHealth.Good, rows[0].Live!.Health);
        Assert.Null(rows[1].Live);
        Assert.True(rows[1].Fits("X"));
        Assert.False(rows[0].Fits("x"));
    }
}
