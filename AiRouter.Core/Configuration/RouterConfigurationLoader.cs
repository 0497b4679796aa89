using System.Text;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Configuration.Overrides;
using AiRouter.Core.Configuration.Reading;
using AiRouter.Core.Configuration.Validation;

namespace AiRouter.Core.Configuration;

/// <summary>Loads a configuration: reads the document, lays the environment over it, checks it, reads its secrets.</summary>
public static class RouterConfigurationLoader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Loads what the source describes; what is wrong is in the result, nothing is thrown for it.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="previous">The model served now: backends that did not change are taken over from it.</param>
    public static ConfigurationLoad Load(RouterConfigurationSource source, RouterModel? previous = null)
    {
        var problems = new ProblemList();
        var content = ReadContent(source, problems);
        return problems.Count > 0 ? Failed(problems, null, null, source) : LoadContent(content, source, previous, problems);
    }

    /// <summary>Loads a document given as YAML, without environment and secrets.</summary>
    public static ConfigurationLoad LoadYaml(string yaml) => Load(new RouterConfigurationSource { Yaml = yaml });

    /// <summary>Checks a document that is already records, and makes the model of it.</summary>
    /// <param name="config">The document.</param>
    /// <param name="source">Where secrets and assets come from; the rest of it is not used.</param>
    /// <param name="previous">The model served now.</param>
    public static ConfigurationLoad Build(
        RouterConfig config, RouterConfigurationSource source, RouterModel? previous = null)
    {
        var problems = new ProblemList();
        var model = RouterModelBuilder.Build(config, source, new AssetLoad(source.AssetFolders), previous, problems);
        return new ConfigurationLoad { Model = model, Problems = problems.Locate(null) };
    }

    private static ConfigurationLoad LoadContent(
        byte[]? content, RouterConfigurationSource source, RouterModel? previous, ProblemList problems)
    {
        var root = Parse(content, source, problems);
        if (root is not (null or DocumentMap))
        {
            problems.Add(ConfigPath.Root, "the document must be an object with keys such as backends and models");
        }

        if (problems.Count > 0)
        {
            return Failed(problems, root, content, source);
        }

        var map = (DocumentMap?)root ?? new DocumentMap { Position = new SourcePosition(source.Name, 1) };
        new EnvironmentOverrides(problems).Apply(map, source.Environment);
        if (map.Entries.Count == 0 && problems.Count == 0)
        {
            // Also what an editor that empties the file before it writes looks like: never a configuration.
            problems.Add(ConfigPath.Root, "the document is empty: it needs backends and models");
        }

        var config = new RecordReader(problems).Read(map);
        var assets = new AssetLoad(source.AssetFolders);
        var model = RouterModelBuilder.Build(config, source, assets, previous, problems);
        return new ConfigurationLoad
        {
            Model = model,
            Problems = problems.Locate(map),
            Fingerprint = ContentFingerprint.Of(content, config, assets, source),
        };
    }

    private static byte[]? ReadContent(RouterConfigurationSource source, ProblemList problems)
    {
        if (source.Yaml is { } yaml)
        {
            return Encoding.UTF8.GetBytes(yaml);
        }

        try
        {
            return ConfigurationFile.Read(source.File);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            if (source.IsFileNamed || !EnvironmentOverrides.Of(source.Environment).Any())
            {
                problems.Add(ConfigPath.Root, $"there is no file {Path.GetFullPath(source.File)}" + (source.IsFileNamed
                    ? ""
                    : ": write one, or name one with --config or AIROUTER_CONFIG, or configure by AIROUTER_CONFIG_YAML or " +
                      "AIROUTER__… variables"));
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add(ConfigPath.Root, $"the file {source.File} cannot be read: {unreadable.Message}");
        }

        return null;
    }

    private static DocumentNode? Parse(byte[]? content, RouterConfigurationSource source, ProblemList problems)
    {
        if (content is null)
        {
            return null;
        }

        if (source.Yaml is null && source.File.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            var utf8 = content.AsSpan();
            return JsonDocumentReader.Read(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, source.Name, problems);
        }

        try
        {
            return YamlDocumentReader.Read(StrictUtf8.GetString(content).TrimStart('\uFEFF'), source.Name, problems);
        }
        catch (DecoderFallbackException)
        {
            problems.Add(ConfigPath.Root, "the document is not UTF-8 text", new SourcePosition(source.Name, 0));
            return null;
        }
    }

    private static ConfigurationLoad Failed(
        ProblemList problems, DocumentNode? root, byte[]? content, RouterConfigurationSource source) =>
        new() { Problems = problems.Locate(root), Fingerprint = ContentFingerprint.Of(content, null, null, source) };
}
