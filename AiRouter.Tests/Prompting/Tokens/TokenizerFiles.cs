using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Tokens;

namespace AiRouter.Tests.Prompting.Tokens;

/// <summary>The small tokenizers beside the tests, texts, and what the makers' own libraries count (see Files/make.py).</summary>
internal static class TokenizerFiles
{
    /// <summary>Where they lie.</summary>
    public static string Folder { get; } = FolderOf();

    /// <summary>What is counted.</summary>
    public static string[] Texts { get; } = Read<string[]>("texts.json");

    /// <summary>By tokenizer, the tokens of each text, without those around it.</summary>
    public static Dictionary<string, int[]> Counts { get; } = Read<Dictionary<string, int[]>>("counts.json");

    /// <summary>Loads one of them.</summary>
    public static ITokenCounter Load(string tokenizer)
    {
        var load = new AssetLoad([Folder]);
        var counter = TokenizerLoader.Load(tokenizer, load);
        Assert.Null(load.Problem);
        return counter!;
    }

    /// <summary>One of the <c>tokenizer.json</c> files, to be changed.</summary>
    public static JsonObject Json(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name)))!.AsObject();

    private static T Read<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(Folder, name)))!;

    private static string FolderOf([CallerFilePath] string caller = "") => Path.Combine(Path.GetDirectoryName(caller)!, "Files");
}
