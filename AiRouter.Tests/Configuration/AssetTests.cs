using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Keys;
using AiRouter.Prompting;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Configuration;

/// <summary>What models name, and where it is looked for.</summary>
public sealed class AssetTests : IDisposable
{
    private const string Config = """
        backends: { t: { kind: triton, url: http://t } }
        models:
          m: { targets: [ { backend: t } ], promptFormat: mine }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-assets-");

    public AssetTests()
    {
        Directory.CreateDirectory(Formats);
        File.WriteAllText(ConfigFile, Config);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Format_is_found_beside_the_file_then_among_the_shipped()
    {
        Write("mine.jinja", "{{ messages[0].content }}");
        var own = Load();
        File.WriteAllText(ConfigFile, Config.Replace("mine", "chatml", StringComparison.Ordinal));
        var shipped = Load();

        Assert.Equal("mine", own.Model!.Models.All[0].Targets[0].Format!.Name);
        Assert.Equal("chatml", shipped.Model!.Models.All[0].Targets[0].Format!.Name);
    }

    [Fact]
    public void Folders_come_from_the_environment()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder.FullName, "elsewhere")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "mine.jinja"), "{{ messages[0].content }}");
        var source = RouterConfigurationSource.FromEnvironment(
            new Dictionary<string, string> { ["AIROUTER_PROMPT_FORMATS"] = $"/nowhere{Path.PathSeparator}{elsewhere}" }, ConfigFile);

        Assert.Empty(RouterConfigurationLoader.Load(source with { Assets = ModelAssets.Instance }).Problems);
    }

    [Fact]
    public void Broken_format_is_a_problem_with_its_place_in_both_files()
    {
        Write("mine.jinja", "\n{% if %}");
        var problem = Assert.Single(Load().Problems);

        Assert.Equal("models.m.promptFormat", problem.Path);
        Assert.StartsWith($"{Path.Combine(Formats, "mine.jinja")}, line 2, column", problem.Message, StringComparison.Ordinal);
        Assert.Equal($"{ConfigFile}, line 3", problem.Source);
    }

    [Fact]
    public void Missing_format_is_a_problem() =>
        Assert.Contains("there is no prompt format \"mine\"", Assert.Single(Load().Problems).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("promptFormat: plain, toolCalls: hermse", "models.m.toolCalls: there is no way to read tool calls called \"hermse\" (did you mean \"hermes\"?)")]
    [InlineData("promptFormat: plain, reasoning: thnk", "models.m.reasoning: there is no way to read reasoning called \"thnk\" (did you mean \"think\"?)")]
    [InlineData("promptFormat: plain, prompt: { roles: { devloper: x } }", "models.m.prompt.roles.devloper: there is no role \"devloper\" (did you mean \"developer\"?)")]
    [InlineData("promptFormat: plain, prompt: { roles: { user: '' } }", "models.m.prompt.roles.user: a role has a name")]
    [InlineData("promptFormat: plain, prompt: { completions: '{{ x' }", "models.m.prompt.completions: template, line 1, column")]
    [InlineData("promptFormat: plain, prompt: { completions: off }", "models.m.prompt.completions: must be prompt, disabled or a template")]
    [InlineData("promptFormat: plain, tokenizer: none", "models.m.tokenizer: there is no tokenizer \"none\"")]
    public void Wrong_setting_is_told_with_its_path(string members, string problem)
    {
        File.WriteAllText(ConfigFile, Config.Replace("promptFormat: mine", members, StringComparison.Ordinal));

        Assert.Contains(problem, Assert.Single(Load().Problems).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("promptFormat: chatml", "models.m.promptFormat: has no effect")]
    [InlineData("prompt: { system: x }", "models.m.prompt: has no effect")]
    [InlineData("toolCalls: none", "models.m.toolCalls: has no effect")]
    [InlineData("reasoning: none", "models.m.reasoning: has no effect")]
    [InlineData("reasoningOutput: both", "models.m.reasoningOutput: has no effect")]
    [InlineData("tokenizer: cl100k_base, promptFormat: chatml, prompt: { system: x }", null)]
    public void What_no_target_has_a_use_for_is_told(string members, string? problem)
    {
        File.WriteAllText(ConfigFile, $"backends: {{ t: {{ url: http://t }} }}\nmodels: {{ m: {{ targets: [ {{ backend: t }} ], {members} }} }}");
        var problems = Load().Problems;

        if (problem is null)
        {
            Assert.Empty(problems);
        }
        else
        {
            Assert.Contains(problem, Assert.Single(problems).ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Edited_format_is_live_and_a_broken_edit_changes_nothing()
    {
        Write("mine.jinja", "{{ messages[0].content }}");
        using var live = Live();
        var first = live.Current!;

        Write("mine.jinja", "{{ messages[0].content }}!");
        await live.LookAsync(TestContext.Current.CancellationToken);
        var second = live.Current;
        Write("mine.jinja", "{{ messages[0].content ");
        await live.LookAsync(TestContext.Current.CancellationToken);
        Assert.Same(second, live.Current);
        File.Delete(Path.Combine(Formats, "mine.jinja"));
        await live.LookAsync(TestContext.Current.CancellationToken);
        Assert.Same(second, live.Current);

        // Other content behind the same name, found under another extension.
        Write("mine.scriban", "{{ messages[0].content }}?");
        await live.LookAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(first.Version, second!.Version);
        Assert.NotEqual(second.Version, live.Current!.Version);
        Assert.Same(first.Backends["t"], live.Current.Backends["t"]);
    }

    [Fact]
    public async Task Formats_whose_files_change_places_are_live()
    {
        File.WriteAllText(ConfigFile, Config + "\n  y: { targets: [ { backend: t } ], promptFormat: yours }\n");
        Write("mine.jinja", "{{ messages[0].content }}");
        Write("yours.jinja", "{{ messages[0].content }}!");
        using var live = Live();
        var before = live.Current!;

        Write("mine.jinja", "{{ messages[0].content }}!");
        Write("yours.jinja", "{{ messages[0].content }}");
        await live.LookAsync(TestContext.Current.CancellationToken);

        Assert.NotSame(before, live.Current);
        Assert.NotEqual(before.Version, live.Current!.Version);
    }

    [Fact]
    public async Task File_that_is_refused_is_not_tried_again_until_it_changes()
    {
        Write("mine.jinja", "{{ messages[0].content }}");
        using var live = Live();
        File.Delete(Path.Combine(Formats, "mine.jinja"));
        var outside = Path.Combine(_folder.FullName, "outside.jinja");
        File.WriteAllText(outside, "{{ messages[0].content }}");
        File.CreateSymbolicLink(Path.Combine(Formats, "mine.jinja"), outside);
        await live.LookAsync(TestContext.Current.CancellationToken);
        var served = live.Current;
        File.Delete(Path.Combine(Formats, "mine.jinja"));
        Write("mine.jinja", "{{ messages[0].content }}.");
        await live.LookAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(served!.Version, live.Current!.Version);
    }

    private string ConfigFile => Path.Combine(_folder.FullName, "airouter.yaml");

    private string Formats => Path.Combine(_folder.FullName, "prompt-formats");

    private RouterConfigurationSource Source => new() { File = ConfigFile, IsFileNamed = true, Assets = ModelAssets.Instance };

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(Formats, name), content);

    private ConfigurationLoad Load() => RouterConfigurationLoader.Load(Source);

    private LiveRouterConfiguration Live()
    {
        var latch = new AuthenticationLatch(Source, NullLogger<AuthenticationLatch>.Instance);
        var log = NullLogger<LiveRouterConfiguration>.Instance;
        return new LiveRouterConfiguration(Source, new FileDocument(Source), latch, TimeProvider.System, log).Begin(Load());
    }
}
