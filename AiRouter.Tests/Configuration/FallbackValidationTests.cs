namespace AiRouter.Tests.Configuration;

public sealed class FallbackValidationTests
{
    [Theory]
    [InlineData("{ model: other }")]
    [InlineData("{ model: gpt-4o }")]
    [InlineData("{ model: other, on: [failure, contextLength] }, { model: gpt-4o, allowExternal: true }")]
    public void Names_of_models_and_names_that_a_pattern_fits_are_right(string fallbacks) =>
        Assert.Empty(Loaded.Model(Yaml(fallbacks)).Warnings);

    [Theory]
    [InlineData("{ model: othr }", "models.m.fallbacks[0].model: there is no model \"othr\" (did you mean \"other\"?)")]
    [InlineData("{ model: \"gpt-*\" }", "models.m.fallbacks[0].model: must be a name, not a pattern")]
    [InlineData("{ model: m }", "models.m.fallbacks[0].model: \"m\" is the model itself")]
    [InlineData("{ model: gpt-4o }, { model: gpt-5 }", "models.m.fallbacks[1].model: the model \"gpt-*\" stands above already")]
    [InlineData("{ model: other, on: [] }", "models.m.fallbacks[0].on: must name at least one reason")]
    public void What_can_never_work_is_a_problem(string fallbacks, string problem) =>
        Assert.Contains(problem, Assert.Single(Loaded.Problems(Yaml(fallbacks))));

    [Theory]
    [InlineData("{ model: cloud }", "models.m.fallbacks[0]: \"cloud\" never answers: its backends are somebody else's service")]
    [InlineData("{ model: mixed }", "models.m.fallbacks[0]: targets of \"mixed\" at somebody else's service are left out")]
    public void R23_model_at_somebody_elses_service_without_leave_is_a_warning(string fallbacks, string warning) =>
        Assert.StartsWith(warning, Assert.Single(Loaded.Model(Yaml(fallbacks)).Warnings).ToString());

    private static string Yaml(string fallbacks) =>
        $$"""
        backends: { own: { url: "http://b/v1" }, cloud: { url: "https://api.example.com/v1" } }
        models:
          m: { targets: [ { backend: own } ], fallbacks: [ {{fallbacks}} ] }
          other: { targets: [ { backend: own } ] }
          mixed: { targets: [ { backend: own }, { backend: cloud } ] }
          cloud: { targets: [ { backend: cloud } ] }
          "gpt-*": { targets: [ { backend: own } ] }
        """;
}
