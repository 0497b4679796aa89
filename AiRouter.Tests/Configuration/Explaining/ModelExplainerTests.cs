using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Explaining;
using AiRouter.Core.Keys;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiRouter.Tests.Configuration.Explaining;

public sealed class ModelExplainerTests
{
    private const string Document = """
        backends:
          gpu: { kind: triton, url: "http://gpu:8001" }
          openai: { url: "https://api.openai.com/v1" }
          near: { url: "http://near/v1" }
        models:
          llama-3.1-8b:
            targets:
              - { backend: gpu, model: spare, priority: 1 }
              - { backend: gpu, model: ensemble, weight: 3 }
              - { backend: near }
              - { backend: near, model: off, weight: 0 }
            fallbacks: [ { model: gpt-4o }, { model: bge, on: [contextLength] }, { model: o3, allowExternal: true } ]
          "llama-*": { targets: [ { backend: near } ] }
          "*-8b": { targets: [ { backend: near } ] }
          "gpt-*": { targets: [ { backend: openai } ], price: { input: 1 } }
          o3: { targets: [ { backend: openai } ] }
          bge: { operations: [embeddings], targets: [ { backend: gpu } ] }
          both: { targets: [ { backend: gpu } ] }
        defaults: { chat: llama-3.1-8b, accept: ["davinci-*"] }
        """;

    private static readonly RouterConfig Config = Loaded.Model(Document).Config;

    [Fact]
    public void Exact_name_tells_the_patterns_that_fit_too_and_the_targets_by_group_and_share()
    {
        var so = Explain("llama-3.1-8b");

        Assert.Equal(ModelMatch.Exact, so.Match);
        Assert.Equal("llama-3.1-8b", so.Model);
        Assert.Equal(["llama-*", "*-8b"], so.AlsoFitting);
        Assert.Null(so.Refusal);
        Assert.Equal(
            [(1, "ensemble", 0, 0.75), (2, "llama-3.1-8b", 0, 0.25), (0, "spare", 1, 1), (3, "off", 0, 0)],
            so.Targets.Select(t => (t.Index, t.Model, t.Priority, t.Share)));
    }

    [Fact]
    public void Pattern_is_the_most_specific_one_and_targets_get_the_name_that_was_asked()
    {
        var so = Explain("llama-3-8b");

        Assert.Equal((ModelMatch.Pattern, "llama-*", "llama-3-8b"), (so.Match, so.Model, so.PublicName));
        Assert.Equal(["*-8b"], so.AlsoFitting);
        Assert.Equal("llama-3-8b", Assert.Single(so.Targets).Model);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("davinci-003", "davinci-*")]
    public void Default_stands_in_for_no_name_and_for_accepted_ones(string? name, string? accepted)
    {
        var so = Explain(name);

        Assert.Equal((ModelMatch.Default, "llama-3.1-8b", accepted), (so.Match, so.PublicName, so.AcceptedBy));
        Assert.Null(so.Refusal);
    }

    [Fact]
    public void Unknown_name_is_404_with_names_that_are_like_it()
    {
        var so = Explain("lama-3.1-8");

        Assert.Equal(ModelMatch.None, so.Match);
        Assert.Equal(["llama-3.1-8b"], so.NearNames);
        Assert.Equal((404, "model_not_found"), (so.Refusal!.Status, so.Refusal.Code));
        Assert.StartsWith("Did you mean llama-3.1-8b?", so.Refusal.Mend, StringComparison.Ordinal);
        Assert.Empty(so.Targets);
    }

    [Fact]
    public void Accepted_name_of_an_operation_without_default_says_what_is_missing() => Assert.Equal(
        "Set a default model for speech.", Explain("davinci-003", Operations.Speech).Refusal!.Mend);

    [Fact]
    public void Operation_that_the_model_or_its_targets_cannot_do_is_400()
    {
        Assert.Equal("unsupported_operation", Explain("bge").Refusal!.Code);
        Assert.Null(Explain("bge", Operations.Embeddings).Refusal);

        var images = Explain("both", Operations.Images);
        Assert.Equal(400, images.Refusal!.Status);
        Assert.Contains("do not do images", Assert.Single(images.Targets).Obstacle, StringComparison.Ordinal);

        // Part of the requests would still be answered.
        Assert.Null(Explain("llama-3.1-8b", Operations.Images).Refusal);
    }

    [Fact]
    public void Fallbacks_say_which_are_passed_over_and_why()
    {
        var so = Explain("llama-3.1-8b", key: Key(models: ["llama-*", "gpt-*", "o3"]));

        Assert.Collection(
            so.Fallbacks,
            f => Assert.Contains("somebody else's service", f.Obstacle, StringComparison.Ordinal),
            f => Assert.Equal("the key \"team\" may not use it", f.Obstacle),
            f => Assert.Equal(("o3", null), (f.Model, f.Obstacle)));
    }

    [Fact]
    public void Key_is_refused_for_its_state_then_the_operation_then_the_model_then_the_price()
    {
        var key = Key(models: ["gpt-*"], operations: [Operations.Chat], budget: true);

        Assert.Equal((401, "invalid_api_key"), Code(Explain("gpt-4o", key: key, standing: KeyStanding.Expired)));
        Assert.Equal((403, "operation_not_allowed"), Code(Explain("gpt-4o", Operations.Embeddings, key)));
        Assert.Equal((403, "model_not_allowed"), Code(Explain("both", key: key)));
        Assert.Contains("gpt-*", Explain("both", key: key).Refusal!.Why, StringComparison.Ordinal);
        Assert.Null(Explain("gpt-4o", key: key).Refusal);
        Assert.Equal((403, "model_not_priced"), Code(Explain("both", key: Key(budget: true))));
        Assert.Null(Explain("both", key: Key()).Refusal);
    }

    [Fact]
    public void Default_model_is_what_permission_is_asked_for()
    {
        Assert.Null(Explain("davinci-003", key: Key(models: ["llama-*"])).Refusal);
        Assert.Equal("model_not_allowed", Explain("davinci-003", key: Key(models: ["davinci-*"])).Refusal!.Code);
    }

    [Property(MaxTest = 500)]
    public Property Explanation_names_the_model_that_the_resolver_finds() => Prop.ForAll(
        Text("ab*", 4).ListOf().ToArbitrary(), Text("ab", 5).ToArbitrary(), Text("ab*", 3).ListOf().ToArbitrary(),
        (written, name, accept) =>
        {
            var names = written.Where(static n => n.Length > 0).Distinct().ToList();
            var config = new RouterConfig
            {
                Models = names.ToDictionary(n => n, _ => new ModelConfig()),
                Defaults = new DefaultsConfig { Chat = names.Find(static n => !n.Contains('*', StringComparison.Ordinal)), Accept = [.. accept] },
            };

            var so = ModelExplainer.Explain(config, new ModelQuestion(name, Operations.Chat));
            var found = ModelExplainer.ResolverOf(config).Resolve(name, Operations.Chat);
            return (so.Model, so.PublicName, so.Match == ModelMatch.Default, so.Refusal is null) ==
                (found?.Model.Name, found?.Name, found?.IsDefault == true, found is not null);
        });

    private static Gen<string> Text(string letters, int longest) =>
        Gen.Choose(0, longest).SelectMany(n => Gen.Elements(letters.ToCharArray()).ArrayOf(n)).Select(c => new string(c));

    private static (int Status, string? Code) Code(ModelExplanation so) => (so.Refusal!.Status, so.Refusal.Code);

    private static ModelExplanation Explain(
        string? name, string operation = Operations.Chat, ClientKey? key = null, KeyStanding standing = KeyStanding.Good) =>
        ModelExplainer.Explain(Config, new ModelQuestion(name, operation) { Key = key, Standing = standing });

    private static ClientKey Key(string[]? models = null, string[]? operations = null, bool budget = false) => ClientKey.From(new KeyConfig
    {
        Name = "team",
        Hash = "sha256:" + new string('0', 64),
        Models = models,
        Operations = operations,
        Budget = budget ? new BudgetConfig { Usd = 1 } : null,
    });
}
