using System.Text.Json;
using AiRouter.Core.Configuration.Assets;

namespace AiRouter.Prompting.Formats.Loading;

/// <summary>
/// <c>manifest.json</c> of a folder with prompt formats: what each template needs besides its text. A template without an
/// entry is found by its file's name.
/// </summary>
internal sealed record FormatManifest
{
    private const string FileName = "manifest.json";

    /// <summary>The formats. The generated reader sets it to null where the file has none.</summary>
    public IReadOnlyList<FormatEntry> Formats { get; init => field = value ?? []; } = [];

    /// <summary>The folder's manifest; empty when it has none, or a broken one, which is told.</summary>
    public static FormatManifest Read(string folder, AssetLoad load)
    {
        var path = Path.Combine(folder, FileName);
        return load.Once(path, () =>
        {
            if (load.TryRead(path) is not { } file)
            {
                return null;
            }

            try
            {
                if (JsonSerializer.Deserialize(file.Content, ManifestJson.Default.FormatManifest) is { } manifest &&
                    !manifest.Formats.Contains(null!))
                {
                    return manifest;
                }

                load.Fail($"{path}: this is no manifest of prompt formats");
            }
            catch (JsonException broken)
            {
                load.Fail($"{path}, line {broken.LineNumber + 1}: this is no manifest of prompt formats");
            }

            return null;
        }) ?? new FormatManifest();
    }
}

/// <summary>A format of a manifest.</summary>
/// <param name="Name">What <c>promptFormat</c> calls it.</param>
/// <param name="File">Its template, in the folder.</param>
internal sealed record FormatEntry(string Name, string File)
{
    /// <summary>The token that begins a prompt; empty: the model has none.</summary>
    public string? Bos { get; init; }

    /// <summary>The token that ends a turn.</summary>
    public string? Eos { get; init; }

    /// <summary>Texts of tokens that end an answer.</summary>
    public IReadOnlyList<string>? EndTokens { get; init; }

    /// <summary>How the model calls tools.</summary>
    public string? ToolCalls { get; init; }

    /// <summary>How the model marks its reasoning.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Which models it is for, for people.</summary>
    public string? Models { get; init; }

    /// <summary>Where its template comes from, for people.</summary>
    public string? Source { get; init; }

    /// <summary>What else there is to know, for people.</summary>
    public string? Note { get; init; }
}
