using System.Collections;
using System.Collections.Frozen;
using AiRouter.Core.Configuration.Assets;

namespace AiRouter.Core.Configuration;

/// <summary>Where a configuration comes from: a file (or a whole document in a variable), the environment and the secrets.</summary>
public sealed record RouterConfigurationSource
{
    /// <summary>The file that is looked for when none is named.</summary>
    public const string DefaultFile = "airouter.yaml";

    private const string FormatFolder = "prompt-formats";

    /// <summary>The file: JSON when its name ends in <c>.json</c>, else YAML.</summary>
    public string File { get; init; } = DefaultFile;

    /// <summary>Whether somebody named the file: then it must exist.</summary>
    public bool IsFileNamed { get; init; }

    /// <summary>The whole document as YAML, instead of a file (<c>AIROUTER_CONFIG_YAML</c>).</summary>
    public string? Yaml { get; init; }

    /// <summary>Environment variables: overrides (<c>AIROUTER__…</c>) and secrets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The one folder that <c>file:</c> references are read from (<c>AIROUTER_SECRETS_DIR</c>, R6).</summary>
    public string SecretsFolder { get; init; } = "/run/secrets";

    /// <summary>
    /// Variables that <c>env:</c> may name although they do not begin with <c>AIROUTER_SECRET_</c>
    /// (<c>AIROUTER_SECRET_ENV_ALLOW</c>, R6).
    /// </summary>
    public IReadOnlySet<string> AllowedSecretNames { get; init; } = FrozenSet<string>.Empty;

    /// <summary>
    /// Whether the variables and files that the document refers to are those of this process. Not in Admin: it checks how
    /// references are written; whether they lead anywhere, only routers can say.
    /// </summary>
    public bool ReadsReferences { get; init; } = true;

    /// <summary>What the file means where there is a store (<c>AIROUTER_CONFIG_MODE</c>: <c>seed</c> or <c>gitops</c>).</summary>
    public ConfigurationMode Mode { get; init; }

    /// <summary>
    /// Whether there is a store (<c>ConnectionStrings__redis</c>): without one budgets are refused (R34). A source that was not made
    /// from an environment is taken to have one.
    /// </summary>
    public bool HasStore { get; init; } = true;

    /// <summary>The one folder that the router writes to (<c>AIROUTER_DATA</c>); null: it keeps nothing.</summary>
    public string? DataFolder { get; init; }

    /// <summary>
    /// Loads the prompt formats and tokenizers that models name; null: what models name is neither loaded nor checked.
    /// </summary>
    public IModelAssets? Assets { get; init; }

    /// <summary>
    /// The folders that prompt formats and tokenizers are read from (<c>AIROUTER_PROMPT_FORMATS</c>, R6); null: the folder
    /// <c>prompt-formats</c> beside the file. What is shipped with the application comes after them.
    /// </summary>
    public IReadOnlyList<string>? PromptFormatFolders { get; init; }

    /// <summary>What messages call the document.</summary>
    public string Name => Yaml is null ? File : "AIROUTER_CONFIG_YAML";

    /// <summary>Where prompt formats and tokenizers may lie, full paths, in the order in which they are looked for.</summary>
    public IReadOnlyList<string> AssetFolders =>
    [
        .. (PromptFormatFolders ?? BesideTheFile).Append(Path.Combine(AppContext.BaseDirectory, FormatFolder))
            .Select(Path.GetFullPath).Distinct(StringComparer.Ordinal),
    ];

    private IReadOnlyList<string> BesideTheFile =>
        Yaml is null ? [Path.Combine(Path.GetDirectoryName(Path.GetFullPath(File)) ?? "", FormatFolder)] : [];

    /// <summary>
    /// The source that this process's environment describes.
    /// </summary>
    /// <param name="file">
    /// The file named on the command line: it goes before <c>AIROUTER_CONFIG_YAML</c>, which goes before
    /// <c>AIROUTER_CONFIG</c>.
    /// </param>
    public static RouterConfigurationSource FromEnvironment(string? file = null)
    {
        var variables = new Dictionary<string, string>(
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return FromEnvironment(variables, file);
    }

    /// <summary>The source that the given variables describe.</summary>
    /// <param name="variables">The environment.</param>
    /// <param name="file">The file named on the command line.</param>
    /// <exception cref="FormatException"><c>AIROUTER_CONFIG_MODE</c> has a value that means nothing.</exception>
    public static RouterConfigurationSource FromEnvironment(
        IReadOnlyDictionary<string, string> variables, string? file = null)
    {
        string? Get(string name) => variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
        var named = file ?? Get("AIROUTER_CONFIG");
        return new RouterConfigurationSource
        {
            File = named ?? DefaultFile,
            IsFileNamed = named is not null,
            Yaml = file is null ? Get("AIROUTER_CONFIG_YAML") : null,
            Environment = variables,
            SecretsFolder = Get("AIROUTER_SECRETS_DIR") ?? "/run/secrets",
            AllowedSecretNames = (Get("AIROUTER_SECRET_ENV_ALLOW") ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .ToFrozenSet(StringComparer.Ordinal),
            Mode = Get("AIROUTER_CONFIG_MODE") switch
            {
                null or "seed" => ConfigurationMode.Seed,
                "gitops" => ConfigurationMode.GitOps,
                var other => throw new FormatException($"AIROUTER_CONFIG_MODE must be seed or gitops, not \"{other}\""),
            },
            HasStore = Get("ConnectionStrings__redis") is not null,
            DataFolder = Get("AIROUTER_DATA"),
            PromptFormatFolders = Get("AIROUTER_PROMPT_FORMATS")?
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        };
    }
}

/// <summary>What the file means where there is a store.</summary>
public enum ConfigurationMode
{
    /// <summary>It fills a store that has never had a configuration, and means nothing afterwards.</summary>
    Seed,

    /// <summary>It rules: every router serves its file, and the store's document is kept equal to it.</summary>
    GitOps,
}
