using AiRouter.Admin.Components.Configuration;
using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Tests.Components.Configuration;

public sealed class ConfigurationDraftTests
{
    private const string Yaml = "backends:\n  up:\n    url: http://up/v1\n    apiKey: {0}\nmodels:\n  m:\n    targets:\n    - backend: up\n";

    [Fact]
    public void Draft_begins_with_what_is_stored_and_says_what_became_of_it()
    {
        var draft = ConfigurationDraft.Of(Standing(1, "sk-a"));
        Assert.Equal((With("set"), false, "As stored", StatusKind.Neutral), (draft.Text, draft.IsChanged, draft.State, draft.Kind));

        draft.Write("models: {}");
        Assert.Equal(("Checking …", false, true), (draft.State, draft.CanSave, draft.IsChanged));
        draft.Checked("models: {}", Review(1) with { Problems = [new ConfigurationProblem("models", "wrong", null)] });
        Assert.Equal(("1 problem", StatusKind.Bad, false), (draft.State, draft.Kind, draft.CanSave));
        draft.Write("other");
        draft.Checked("other", Review(1) with { Differences = [new ConfigurationDifference("models.m", null, "{}")] });
        Assert.Equal(("Valid, 1 change", StatusKind.Good, true), (draft.State, draft.Kind, draft.CanSave));
        draft.Write("same");
        draft.Checked("same", Review(1));
        Assert.Equal(("Valid, means the same as what is stored", false), (draft.State, draft.CanSave));
    }

    [Fact]
    public void Check_of_an_older_text_says_nothing_of_the_newer()
    {
        var draft = ConfigurationDraft.Of(Standing(1, "sk-a"));
        draft.Write("a");
        draft.Write("b");

        draft.Checked("a", Review(1));

        Assert.True(draft.IsChecking);
        Assert.Null(draft.Review);
    }

    [Fact]
    public void Check_finds_out_that_somebody_else_saved()
    {
        var draft = ConfigurationDraft.Of(Standing(1, "sk-a"));
        Assert.Null(draft.Newer);
        draft.Write("a");
        draft.Checked("a", Review(2));
        Assert.Equal(2, draft.Newer!.Version);

        draft.Rebase(Standing(2, "sk-b"), "b");
        draft.Checked("b", Review(2));
        Assert.Null(draft.Newer);
    }

    [Fact]
    public void Where_nothing_is_stored_the_draft_is_a_beginning_that_can_be_read()
    {
        var draft = ConfigurationDraft.Of(new ConfigurationStanding(0, new RouterConfig()));

        var written = WrittenConfiguration.OfYaml(draft.Text, "text");
        Assert.Empty(written.Problems);
        Assert.Empty(RouterConfigurationLoader.Build(written.Config!, new RouterConfigurationSource()).Problems);
        Assert.Equal((false, "Not saved yet"), (draft.IsChanged, draft.State));
    }

    [Fact]
    public void Conflict_shows_no_credential_and_merges_what_can_be_merged()
    {
        var draft = ConfigurationDraft.Of(Standing(1, "enc:v1:a"));
        var wanted = WrittenConfiguration.OfYaml(With("sk-mine") + "defaults:\n  chat: m\n", "text").Config!;
        var now = Standing(2, "enc:v1:a", "http://up:2/v1");

        var conflict = draft.ConflictWith(now, wanted);

        Assert.DoesNotContain("sk-mine", conflict.Wanted, StringComparison.Ordinal);
        Assert.Contains("set (changed)", conflict.Wanted, StringComparison.Ordinal);
        Assert.DoesNotContain("enc:", conflict.Began + conflict.Now, StringComparison.Ordinal);
        Assert.Contains("http://up:2/v1", conflict.Merged, StringComparison.Ordinal);
        Assert.Contains("\"chat\":\"m\"", conflict.Merged, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models.m", null, "{\"targets\":[]}", "added")]
    [InlineData("models.m", "{\"targets\":[]}", null, "removed")]
    [InlineData("server.maxBodyMiB", "64", "32", "64 → 32")]
    [InlineData("defaults.chat", null, "\"m\"", "set to m")]
    [InlineData("defaults.chat", "\"m\"", null, "removed (was m)")]
    [InlineData("backends.b.apiKey", "\"(redacted)\"", "\"(redacted)\"", "replaced by another")]
    [InlineData("backends.b.apiKey", null, "\"(redacted)\"", "added")]
    [InlineData("", null, "\"and 7 more\"", "and 7 more")]
    public void Difference_is_told_in_words(string path, string? before, string? after, string words) =>
        Assert.Equal(words, HistoryText.Of(new ConfigurationDifference(path, before, after)));

    [Fact]
    public void Change_is_summed_up_by_its_first_places()
    {
        ConfigurationDifference Of(string path) => new(path, null, "1");

        Assert.Equal("Nothing differs", HistoryText.Summary([]));
        Assert.Equal("a, b, c", HistoryText.Summary([Of("a"), Of("b"), Of("c")]));
        Assert.Equal("a, b, c and 2 more", HistoryText.Summary([Of("a"), Of("b"), Of("c"), Of("d"), Of("e")]));
    }

    [Fact]
    public void Imported_file_is_text_and_json_becomes_yaml()
    {
        Assert.Equal("a: 1\n", ImportedText.Of("c.json", "\uFEFF{\"a\":1}"u8.ToArray()).Value);
        Assert.Equal("{\"a\":1,}", ImportedText.Of("c.json", "{\"a\":1,}"u8.ToArray()).Value);
        Assert.Equal("# mine\na: 1\n", ImportedText.Of("c.yaml", "# mine\r\na: 1\r\n"u8.ToArray()).Value);
        Assert.Contains("no configuration", ImportedText.Of("c.yaml", [0xff, 0xfe, 0x00]).Failure!.Detail, StringComparison.Ordinal);
        Assert.Contains("no configuration", ImportedText.Of("c.yaml", "a\0"u8.ToArray()).Failure!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_has_no_credential()
    {
        var config = Standing(1, "enc:v1:a").Config;

        Assert.Equal(With("set"), ExportedText.Of(config, isYaml: true));
        Assert.Contains("\"apiKey\": \"set\"", ExportedText.Of(config, isYaml: false), StringComparison.Ordinal);
    }

    private static string With(string apiKey) => Yaml.Replace("{0}", apiKey, StringComparison.Ordinal);

    private static ConfigurationStanding Standing(long version, string apiKey, string url = "http://up/v1") => new(
        version, WrittenConfiguration.OfYaml(With(apiKey).Replace("http://up/v1", url, StringComparison.Ordinal), "text").Config!);

    private static DocumentReview Review(long version) => new(Standing(version, "sk-a"));
}
