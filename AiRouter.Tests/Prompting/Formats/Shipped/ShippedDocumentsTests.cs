using System.Text.Json;

namespace AiRouter.Tests.Prompting.Formats.Shipped;

/// <summary>The README's table of formats is what the manifest says.</summary>
public sealed class ShippedDocumentsTests
{
    public static TheoryData<string> Names => ShippedFormats.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Readme_has_the_format(string name)
    {
        var entry = ShippedFormats.Entry(name);
        var models = entry.GetProperty("models").GetString();
        var isVerified = entry.GetProperty("verified").GetBoolean();
        var source = isVerified ? entry.GetProperty("source").GetString() : "unverified";

        Assert.Contains(
            $"| `{name}` | {models} | {Calls(entry)} | {Parser(entry, "reasoning")} | {source} |", Readme().Split('\n'));
    }

    [Fact]
    public void Readme_has_no_other_formats()
    {
        var rows = Readme().Split('\n')
            .SkipWhile(line => !line.StartsWith("| format |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')).ToList();

        Assert.Equal(ShippedFormats.Entries.Count, rows.Count);
    }

    // A parser without tools in the prompt reads calls of models that know their tools from elsewhere.
    private static string Calls(JsonElement entry) =>
        entry.GetProperty("takesTools").GetBoolean() || entry.GetProperty("toolCalls").ValueKind == JsonValueKind.Null
            ? Parser(entry, "toolCalls")
            : "history only";

    private static string Parser(JsonElement entry, string key) =>
        entry.GetProperty(key).GetString() is { } name ? $"`{name}`" : "–";

    private static string Readme() => File.ReadAllText(Path.Combine(ShippedFormats.Folder, "../README.md"));
}
