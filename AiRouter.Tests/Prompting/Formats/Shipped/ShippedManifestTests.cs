using System.Text.Json;
using AiRouter.Prompting.Outputs;

namespace AiRouter.Tests.Prompting.Formats.Shipped;

/// <summary>The manifest says what is there, and nothing else.</summary>
public sealed class ShippedManifestTests
{
    private static readonly string[] Keys =
    [
        "name", "file", "models", "bos", "eos", "endTokens", "toolCalls", "reasoning", "takesTools", "verified", "source",
        "note",
    ];

    /// <summary>Formats that are code.</summary>
    private static readonly string[] BuiltIn = ["plain", "none"];

    public static TheoryData<string> Names => ShippedFormats.Names;

    [Fact]
    public void Every_file_is_in_the_manifest_and_every_entry_has_a_file()
    {
        var files = Directory.GetFiles(ShippedFormats.Folder).Select(Path.GetFileName).Where(f => f != "manifest.json");
        var entries = ShippedFormats.Entries.Select(e => e.GetProperty("file").GetString());

        Assert.Equal(files.Order(StringComparer.Ordinal), entries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_are_unique_and_not_those_of_built_in_formats()
    {
        var names = ShippedFormats.Entries.Select(e => e.GetProperty("name").GetString()!).ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Empty(names.Intersect(BuiltIn));
    }

    [Fact]
    public void What_the_issue_of_formats_promises_is_shipped()
    {
        string[] promised =
        [
            "chatml", "llama2", "llama3", "mistral", "gemma", "phi", "zephyr", "vicuna", "alpaca", "deepseek", "qwen",
            "command-r", "granite", "glm", "harmony",
        ];

        Assert.Empty(promised.Except(ShippedFormats.Entries.Select(e => e.GetProperty("name").GetString())));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Entry_has_its_keys_and_no_others(string name)
    {
        var entry = ShippedFormats.Entry(name);

        Assert.Empty(entry.EnumerateObject().Select(p => p.Name).Except(Keys));
        Assert.Equal(name + ".jinja", entry.GetProperty("file").GetString());
        Assert.NotEmpty(ShippedFormats.Texts(entry, "endTokens"));
        Assert.All(
            new[] { "models", "eos", "source" },
            key => Assert.False(string.IsNullOrWhiteSpace(entry.GetProperty(key).GetString())));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parsers_exist(string name)
    {
        var entry = ShippedFormats.Entry(name);

        AssertKnown(entry.GetProperty("toolCalls"), OutputParsers.ToolCalls.Keys);
        AssertKnown(entry.GetProperty("reasoning"), OutputParsers.Reasoning.Keys);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Verified_format_has_goldens_that_name_their_source(string name)
    {
        var path = ShippedFormats.GoldenFile(name);
        var entry = ShippedFormats.Entry(name);
        var isVerified = entry.GetProperty("verified").GetBoolean();

        Assert.Equal(isVerified, File.Exists(path));
        if (isVerified)
        {
            using var golden = JsonDocument.Parse(File.ReadAllBytes(path));
            var model = golden.RootElement.GetProperty("model").GetString()!;
            Assert.StartsWith(entry.GetProperty("source").GetString()!, model, StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(golden.RootElement.GetProperty("where").GetString()));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Template_reads_tools_exactly_when_the_manifest_says_so(string name)
    {
        var takesTools = ShippedFormats.Entry(name).GetProperty("takesTools").GetBoolean();

        Assert.Equal(takesTools, new ShippedTemplate(name).Variables.Contains("tools"));
    }

    private static void AssertKnown(JsonElement parser, IEnumerable<string> names)
    {
        if (parser.ValueKind != JsonValueKind.Null)
        {
            Assert.Contains(parser.GetString(), names);
        }
    }
}
