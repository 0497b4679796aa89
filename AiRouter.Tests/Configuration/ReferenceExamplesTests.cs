using System.Text.RegularExpressions;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Configuration;

/// <summary>What the documents show as a configuration is one.</summary>
public sealed partial class ReferenceExamplesTests
{
    private const string Hash = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Fact]
    public void Every_whole_example_is_read_without_a_problem()
    {
        var whole =
            from page in Checkout.Files.Where(static file => file.EndsWith(".md", StringComparison.Ordinal))
            from example in Examples(page)
            where TopLevel(example, "backends") && TopLevel(example, "models")
            select (page, example);

        Assert.True(whole.Count() >= 4);
        Assert.Empty(whole.SelectMany(static e => Problems(e.example).Select(problem => $"{e.page}: {problem}")));
    }

    /// <summary>Its parts stand apart there, each where it is explained.</summary>
    [Fact]
    public void Examples_of_the_guide_are_one_document()
    {
        var parts = Examples("docs/configuration.md").Where(static example => !example.Contains("$schema", StringComparison.Ordinal)).ToList();

        Assert.Equal(3, parts.Count);
        Assert.Empty(Problems(string.Concat(parts)));
    }

    [Fact]
    public void Example_with_a_mistake_is_found() =>
        Assert.Single(Problems("backends: { a: { url: http://a } }\nmodels: { m: { targets: [{ backend: b }] } }\n"));

    private static IEnumerable<string> Examples(string page) =>
        Fence().Matches(Checkout.Read(page)).Select(static match => match.Groups[1].Value);

    private static bool TopLevel(string example, string key) => Regex.IsMatch(example, $"^{key}:", RegexOptions.Multiline);

    // Variables and files are those of a reader's machine.
    private static IEnumerable<string> Problems(string example) =>
        RouterConfigurationLoader.LoadYaml(example.Replace("sha256:…", Hash, StringComparison.Ordinal)).Problems
            .Select(static problem => problem.ToString())
            .Where(static problem => !OfTheMachine().IsMatch(problem));

    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("the environment variable AIROUTER_SECRET_[A-Z]+ is not set|there is no file ")]
    private static partial Regex OfTheMachine();
}
