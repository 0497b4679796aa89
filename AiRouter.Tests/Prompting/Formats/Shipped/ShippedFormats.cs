using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AiRouter.Tests.Prompting.Formats.Shipped;

/// <summary>What is in <c>prompt-formats/</c>, and the golden renderings beside the tests.</summary>
internal static class ShippedFormats
{
    private static readonly Lazy<JsonElement> LazyManifest = new(() => Json(Path.Combine(Folder, "manifest.json")));

    private static readonly Lazy<JsonElement> LazyCases = new(() => Json(Path.Combine(Here(), "cases.json")));

    /// <summary>The folder of the formats.</summary>
    public static string Folder => Path.GetFullPath(Path.Combine(Here(), "../../../../prompt-formats"));

    /// <summary>The manifest's entries.</summary>
    public static IReadOnlyList<JsonElement> Entries => [.. LazyManifest.Value.GetProperty("formats").EnumerateArray()];

    /// <summary>The formats by name, for theories.</summary>
    public static TheoryData<string> Names => [.. Entries.Select(e => e.GetProperty("name").GetString()!)];

    /// <summary>The formats that show tools to the model.</summary>
    public static TheoryData<string> NamesWithTools =>
    [
        .. Entries.Where(e => e.GetProperty("takesTools").GetBoolean()).Select(e => e.GetProperty("name").GetString()!),
    ];

    /// <summary>The manifest's entry.</summary>
    public static JsonElement Entry(string name) => Entries.Single(e => e.GetProperty("name").GetString() == name);

    /// <summary>A list of texts in an entry.</summary>
    public static IReadOnlyList<string> Texts(JsonElement entry, string key) =>
        [.. entry.GetProperty(key).EnumerateArray().Select(e => e.GetString()!)];

    /// <summary>The template's text.</summary>
    public static string Template(string name) =>
        File.ReadAllText(Path.Combine(Folder, Entry(name).GetProperty("file").GetString()!));

    /// <summary>What a template is given in a case that all formats share.</summary>
    public static JsonElement Case(string name) => LazyCases.Value.GetProperty(name);

    /// <summary>The file of a format's golden renderings.</summary>
    public static string GoldenFile(string name) => Path.Combine(Here(), "Golden", name + ".json");

    /// <summary>The golden renderings of a format.</summary>
    public static IReadOnlyList<GoldenRendering> Goldens(string name) =>
    [
        .. Json(GoldenFile(name)).GetProperty("cases").EnumerateArray().Select(c =>
        {
            var @case = c.GetProperty("case").GetString()!;
            var context = c.TryGetProperty("context", out var own) ? own : Case(@case);
            var expected = c.TryGetProperty("expected", out var text) ? text.GetString() : null;
            return new GoldenRendering(@case, context, expected, c.TryGetProperty("refused", out _));
        }),
    ];

    private static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

/// <summary>What the published template makes of a conversation.</summary>
/// <param name="Case">The case.</param>
/// <param name="Context">The template's variables.</param>
/// <param name="Expected">The prompt; null: it gives none.</param>
/// <param name="IsRefused">Whether it refuses; when there is neither prompt nor refusal, it breaks.</param>
internal sealed record GoldenRendering(string Case, JsonElement Context, string? Expected, bool IsRefused);
