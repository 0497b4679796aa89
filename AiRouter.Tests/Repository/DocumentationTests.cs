using System.Text.RegularExpressions;
using AiRouter.Api.Commands;

namespace AiRouter.Tests.Repository;

/// <summary>Whoever reads README.md comes to every page, and no link leads nowhere.</summary>
public sealed partial class DocumentationTests
{
    private static readonly Dictionary<string, MarkdownDocument> _documents = Checkout.Files
        .Where(static file => file.EndsWith(".md", StringComparison.Ordinal))
        .ToDictionary(static file => file, static file => new MarkdownDocument(Checkout.Read(file)), StringComparer.Ordinal);

    // What our processes tell each other, and the name in an example; nobody sets them.
    private static readonly HashSet<string> _ownVariables = ["AIROUTER_GOES_ON_HERE", "AIROUTER_KEY"];

    [Fact]
    public void Every_link_and_anchor_leads_somewhere()
    {
        var wrong = _documents.SelectMany(static d => d.Value.Links.Select(link => Problem(d.Key, link))).OfType<string>();

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("docs/missing.md", "there is no docs/missing.md")]
    [InlineData("README.md#missing", "README.md has no heading for #missing")]
    [InlineData("#missing", "CONTRIBUTING.md has no heading for #missing")]
    [InlineData("../README.md", "it leads out of the repository")]
    [InlineData("/README.md", "it begins with /")]
    [InlineData("docs", "docs is a folder: write docs/")]
    public void Broken_link_is_found(string link, string problem) =>
        Assert.Equal($"CONTRIBUTING.md: ({link}) {problem}", Problem("CONTRIBUTING.md", link));

    [Fact]
    public void Every_page_is_reached_from_the_README()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { "README.md" };
        var waiting = new Queue<string>(reached);
        while (waiting.TryDequeue(out var page))
        {
            foreach (var next in Pages(page).Where(reached.Add))
            {
                waiting.Enqueue(next);
            }
        }

        Assert.Empty(_documents.Keys.Except(reached));
    }

    /// <summary>One page leads to all others, so that nobody has to guess where a thing is told.</summary>
    [Fact]
    public void Index_names_every_page_and_every_decision()
    {
        var index = Pages("docs/README.md").ToHashSet(StringComparer.Ordinal);
        var decisions = Pages("docs/adr/README.md").ToHashSet(StringComparer.Ordinal);
        var missing = _documents.Keys
            .Where(static page => page.StartsWith("docs/", StringComparison.Ordinal) && page is not "docs/README.md")
            .Where(page => page is "docs/adr/README.md" || !page.StartsWith("docs/adr/", StringComparison.Ordinal)
                ? !index.Contains(page)
                : !decisions.Contains(page));

        Assert.Empty(missing);
    }

    [Fact]
    public void Documents_that_other_files_name_are_there()
    {
        var wrong =
            from file in Checkout.Files
            where Path.GetExtension(file) is ".cs" or ".razor" or ".sh" or ".yaml" or ".yml" or ".csproj" or ".props" or ".json"
            where file is not ("docs/management-api.json" or "AiRouter.Tests/Repository/DocumentationTests.cs")
            where !file.StartsWith("AiRouter.Tests/Prompting/", StringComparison.Ordinal)
            from name in NamedDocument().Matches(Checkout.Read(file)).Select(static match => match.Value)
            let path = name.Split('#')[0]
            where !Checkout.Files.Any(f => f == path)
                || (name.Contains('#', StringComparison.Ordinal) && !_documents[path].Anchors.Contains(name.Split('#')[1]))
            select $"{file}: {name}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_variable_that_is_read_is_documented()
    {
        var text = Checkout.Read("docs/environment.md") + Checkout.Read("clients/README.md");
        var missing =
            from file in Checkout.ProductCode
            where !file.StartsWith("AiRouter.Benchmarks/", StringComparison.Ordinal)
            from name in Variable().Matches(Checkout.Read(file)).Select(static match => match.Groups[1].Value)
            where !text.Contains(name.TrimEnd('_'), StringComparison.Ordinal) && !_ownVariables.Contains(name)
            select $"{file}: {name}";

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_rule_that_the_code_names_is_written_down()
    {
        var rules = Checkout.Read("docs/rules.md");
        var missing = Checkout.Code.SelectMany(static file => Rule().Matches(Checkout.Read(file)))
            .Select(static match => match.Value)
            .Distinct()
            .Where(rule => !rules.Contains($"\n| {rule} |", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    [Fact]
    public void Commands_of_the_front_door_are_those_of_its_help()
    {
        var help = Checkout.Read("airouter.sh");
        var wrong =
            from page in _documents.Keys
            from match in FrontDoor().Matches(Checkout.Read(page))
            where !help.Contains($"  ./airouter.sh {match.Groups[1].Value}", StringComparison.Ordinal)
                || (match.Groups[2].Success && !help.Contains($"{match.Groups[2].Value} ", StringComparison.Ordinal))
            select $"{page}: {match.Value}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Commands_of_the_router_are_documented()
    {
        var text = string.Concat(_documents.Where(static d => d.Key.StartsWith("docs/", StringComparison.Ordinal)).Select(d => Checkout.Read(d.Key)));
        var missing = CommandTable.All.Where(command => !text.Contains($"airouter {command.Name}", StringComparison.Ordinal))
            .Select(static command => command.Name);

        Assert.Empty(missing);
    }

    [Fact]
    public void Decisions_are_numbered_once()
    {
        var numbers = _documents.Keys
            .Select(static page => DecisionNumber().Match(page).Groups[1].Value)
            .Where(static number => number.Length > 0)
            .ToList();

        Assert.NotEmpty(numbers);
        Assert.Equal(numbers.Distinct(), numbers);
    }

    [Theory]
    [InlineData("## `backends`", "backends")]
    [InlineData("### Not served: 501", "not-served-501")]
    [InlineData("# What's *in* [the box](a.md)?", "whats-in-the-box")]
    [InlineData("## Sizing, and `maxmemory_policy`", "sizing-and-maxmemory_policy")]
    public void Heading_has_the_anchor_that_GitHub_gives_it(string heading, string anchor) =>
        Assert.Equal([anchor], new MarkdownDocument(heading).Anchors);

    [Fact]
    public void Second_heading_of_a_name_has_a_number() =>
        Assert.Equal(["errors", "errors-1"], new MarkdownDocument("# Errors\n\ntext\n\n## Errors").Anchors);

    [Fact]
    public void Links_are_found_in_prose_and_not_in_code() => Assert.Equal(
        ["a.md", "b.md#c", "image.png", "d.md", "e.md"],
        new MarkdownDocument("""
            # One [a](a.md)
            two `[x](x.md)` and [b `code`](b.md#c "title") ![alt](image.png)
            ```sh
            # [y](y.md)
            ```
            <a href="d.md">d</a>
            [ref]: e.md
            """).Links);

    /// <summary>What is wrong with a link, or null.</summary>
    private static string? Problem(string page, string link)
    {
        if (Scheme().IsMatch(link))
        {
            return null;
        }

        var parts = link.Split('#', 2);
        var target = parts[0].Length == 0 ? page : Target(page, parts[0]);
        var problem = (parts[0], target) switch
        {
            (['/', ..], _) => "it begins with /",
            (_, null) => "it leads out of the repository",
            _ when IsFolder(target) => link.EndsWith('/') ? null : $"{target} is a folder: write {link}/",
            _ when !Checkout.Files.Contains(target) => $"there is no {target}",
            _ when parts.Length == 2 && _documents.TryGetValue(target, out var document) && !document.Anchors.Contains(parts[1]) =>
                $"{target} has no heading for #{parts[1]}",
            _ => null,
        };
        return problem is null ? null : $"{page}: ({link}) {problem}";
    }

    /// <summary>The pages that a page leads to; a folder leads to its README.md, as on GitHub.</summary>
    private static IEnumerable<string> Pages(string page) => _documents[page].Links
        .Where(static link => !Scheme().IsMatch(link))
        .Select(link => link.Split('#')[0] is { Length: > 0 } path ? Target(page, path) : null)
        .Select(static target => target is not null && IsFolder(target) ? $"{target}/README.md" : target)
        .OfType<string>()
        .Where(_documents.ContainsKey);

    // Relative to the root of the repository; null when it is outside.
    private static string? Target(string page, string path)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Checkout.Root, page))!;
        var target = Path.GetRelativePath(Checkout.Root, Path.Combine(folder, Uri.UnescapeDataString(path))).Replace('\\', '/').TrimEnd('/');
        return target.StartsWith("..", StringComparison.Ordinal) ? null : target;
    }

    private static bool IsFolder(string path) =>
        path == "." || Checkout.Files.Any(file => file.StartsWith($"{path}/", StringComparison.Ordinal));

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:")]
    private static partial Regex Scheme();

    // Not behind another path or host: those are documents of others.
    [GeneratedRegex(@"(?<![\w/.-])docs/[\w/-]+\.(?:md|json)(?:#[\w-]+)?")]
    private static partial Regex NamedDocument();

    [GeneratedRegex(@"""((?:AIROUTER|OTLP)_[A-Z][A-Z_]*|ConnectionStrings__\w+)""")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\bR[1-9]\d?\b(?=[),.;:])")]
    private static partial Regex Rule();

    [GeneratedRegex(@"\./airouter\.sh ([a-z-]+)(?: (--[a-z-]+))?")]
    private static partial Regex FrontDoor();

    [GeneratedRegex(@"^docs/adr/(\d{4})-")]
    private static partial Regex DecisionNumber();
}
