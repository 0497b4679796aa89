using AiRouter.Admin.Components.Backends;
using AiRouter.Admin.Management.BackendChecks;
using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Management.BackendChecks;

/// <summary>Models of a backend that are added to the document.</summary>
public sealed class ModelImportTests
{
    private static readonly RouterConfig _config = new()
    {
        Backends = new Dictionary<string, BackendConfig> { ["up"] = new() { Kind = BackendKind.Triton, Url = new Uri("http://up:8001") } },
        Models = new Dictionary<string, ModelConfig> { ["taken"] = new() { Targets = [new TargetConfig { Backend = "up" }] } },
    };

    [Fact]
    public void Models_get_the_backend_as_their_target_and_the_name_there_only_where_it_is_another()
    {
        var added = ModelImport.AddTo(_config, [new ImportedModel("a", "up", "a"), new ImportedModel("up/b", "up", "b")
        {
            Operations = [Operations.Chat], PromptFormat = "llama3",
        }]).Value!;

        Assert.Equal(["a", "taken", "up/b"], added.Models.Keys.Order());
        Assert.Equal(("up", null), (added.Models["a"].Targets[0].Backend, added.Models["a"].Targets[0].Model));
        Assert.Equal(("b", "llama3"), (added.Models["up/b"].Targets[0].Model, added.Models["up/b"].PromptFormat));
        Assert.Empty(RouterConfigurationLoader.Build(added, new RouterConfigurationSource()).Problems);
    }

    [Fact]
    public void Names_that_are_taken_or_patterns_are_refused_and_nothing_is_added()
    {
        var failure = ModelImport.AddTo(
            _config, [new ImportedModel("taken", "up", "x"), new ImportedModel("a*", "up", "a*"), new ImportedModel("b", "up", "b")]).Failure!;

        Assert.Equal(["models.taken", "models.a*"], failure.Errors.Select(static e => e.Path));
    }

    [Fact]
    public void Conflict_that_is_merged_keeps_the_credentials_that_were_given()
    {
        var wanted = new BackendConfig
        {
            Url = new Uri("http://up/v1"),
            ApiKey = "sk-new",
            Headers = new Dictionary<string, string> { ["x-key"] = "new", ["x-team"] = "set" },
        };
        var merged = wanted with
        {
            ApiKey = "set",
            MaxRequestsPerReplica = 7,
            Headers = new Dictionary<string, string> { ["x-key"] = "set", ["x-team"] = "set", ["x-theirs"] = "set" },
        };

        var both = BackendEditPage.WithGiven(merged, wanted);

        Assert.Equal(("sk-new", "new", "set", "set", 7), (
            both.ApiKey, both.Headers["x-key"], both.Headers["x-team"], both.Headers["x-theirs"], both.MaxRequestsPerReplica));
    }
}
