using System.Text.RegularExpressions;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiRouter.Tests.Configuration;

public sealed class ModelResolverTests
{
    // Few letters, so that names and patterns often meet.
    private static Gen<string> Text(string letters, int longest) =>
        Gen.Choose(0, longest).SelectMany(n => Gen.Elements(letters.ToCharArray()).ArrayOf(n)).Select(c => new string(c));

    [Property(MaxTest = 2000)]
    public Property Pattern_matches_as_the_regular_expression_does() => Prop.ForAll(
        Text("ab*", 8).ToArbitrary(), Text("ab", 10).ToArbitrary(),
        (pattern, name) => new WildcardPattern(pattern).IsMatch(name) == Matches(pattern, name));

    [Property(MaxTest = 1000)]
    public Property Name_resolves_as_the_naive_reference_does() => Prop.ForAll(
        Text("ab*", 5).ListOf().ToArbitrary(), Text("ab", 6).ToArbitrary(), Text("ab*", 3).ListOf().ToArbitrary(),
        (models, name, accept) =>
        {
            var names = models.Where(m => m.Length > 0).Distinct().ToList();
            var standIn = names.FirstOrDefault(n => !n.Contains('*', StringComparison.Ordinal));
            var defaults = standIn is null ? [] : new Dictionary<string, string> { [Operations.Chat] = standIn };
            var resolver = new ModelResolver(names.Select(n => new RoutedModel(n, new ModelConfig(), [])), defaults, accept);

            var expected = Reference(names, standIn, accept, name);
            var actual = resolver.Resolve(name, Operations.Chat);
            return (actual?.Model.Name, actual?.IsDefault) == (expected?.Model, expected?.IsDefault);
        });

    [Theory]
    [InlineData("llama-3.1-8b", "llama-3.1-8b")]
    [InlineData("llama-3.1-70b", "llama-3.*")]
    [InlineData("llama-2", "llama-*")]
    [InlineData("my-llama-3.1-8b-awq", "*-awq")]
    [InlineData("x", "*")]
    public void Exact_then_longest_literal_wins(string name, string model)
    {
        var names = new[] { "*", "llama-*", "llama-3.*", "*-awq", "llama-3.1-8b" };
        var resolver = new ModelResolver(names.Select(n => new RoutedModel(n, new ModelConfig(), [])), [], []);

        Assert.Equal(model, resolver.Resolve(name, Operations.Chat)!.Model.Name);
        Assert.Equal(name, resolver.Resolve(name, Operations.Chat)!.Name);
    }

    [Fact]
    public void Default_answers_missing_and_accepted_names_only()
    {
        var model = Loaded.Model("""
            backends: { a: { url: http://a } }
            models: { m: { targets: [ { backend: a } ] } }
            defaults: { chat: m, accept: ["gpt-3.5-*"] }
            """);

        Assert.Equal("m", model.Models.Resolve(null, Operations.Chat)!.Name);
        Assert.True(model.Models.Resolve("gpt-3.5-turbo", Operations.Chat)!.IsDefault);
        Assert.Null(model.Models.Resolve("gpt-4", Operations.Chat));
        Assert.Null(model.Models.Resolve(null, Operations.Embeddings));
    }

    private static (string Model, bool IsDefault)? Reference(
        List<string> models, string? standIn, IEnumerable<string> accept, string name)
    {
        var best = models.Where(m => name.Length > 0 && Matches(m, name))
            .OrderByDescending(m => m == name).ThenByDescending(m => m.Count(c => c != '*')).ThenBy(m => m, StringComparer.Ordinal)
            .FirstOrDefault();
        if (best is not null)
        {
            return (best, false);
        }

        return standIn is not null && (name.Length == 0 || accept.Any(a => Matches(a, name))) ? (standIn, true) : null;
    }

    private static bool Matches(string pattern, string name) =>
        Regex.IsMatch(name, $@"\A{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}\z", RegexOptions.Singleline);
}
