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
    public static ConfigurationLoad Load(RouterConfigurationSource source, RouterModel? previous = null) =>
        LoadDocument(new FileDocument(source).Read(), source, previous);

    /// <summary>Loads a document, wherever it came from.</summary>
    /// <param name="document">The document.</param>
    /// <param name="source">Environment, secrets and assets; its file is not used.</param>
    /// <param name="previous">The model served now.</param>
    internal static ConfigurationLoad LoadDocument(
        ConfigurationDocument document, RouterConfigurationSource source, RouterModel? previous)
    {
        var problems = new ProblemList();
        if (document.Problem is { } problem)
        {
            problems.Add(ConfigPath.Root, problem);
        }

        var root = Parse(document, problems);
        if (problems.Count == 0 && root is not (null or DocumentMap))
        {
            problems.Add(ConfigPath.Root, "the document must be an object with keys such as backends and models");
        }

        return problems.Count > 0
            ? new ConfigurationLoad
            {
                Problems = problems.Locate(root),
                Fingerprint = ContentFingerprint.Of(document.Content, null, null, source),
            }
            : LoadMap(document, (DocumentMap?)root, source, previous, problems);
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

    private static ConfigurationLoad LoadMap(
        ConfigurationDocument document, DocumentMap? root, RouterConfigurationSource source, RouterModel? previous, ProblemList problems)
    {
        var map = root ?? new DocumentMap { Position = new SourcePosition(document.Name, 1) };

        // What is wrong with it alone may be right with the environment over it, so only the whole is checked.
        var alone = new RecordReader(new ProblemList()).Read(map);
        var overrides = new EnvironmentOverrides(problems);
        overrides.Apply(map, source.Environment);
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
            Document = alone,
            Locks = overrides.Locks,
            Problems = problems.Locate(map),
            Fingerprint = ContentFingerprint.Of(document.Content, config, assets, source),
        };
    }

    private static DocumentNode? Parse(ConfigurationDocument document, ProblemList problems)
    {
        if (document.Content is not { } content)
        {
            return null;
        }

        if (document.IsJson)
        {
            var utf8 = content.AsSpan();
            return JsonDocumentReader.Read(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, document.Name, problems);
        }

        try
        {
            return YamlDocumentReader.Read(StrictUtf8.GetString(content).TrimStart('\uFEFF'), document.Name, problems);
        }
        catch (DecoderFallbackException)
        {
            problems.Add(ConfigPath.Root, "the document is not UTF-8 text", new SourcePosition(document.Name, 0));
            return null;
        }
    }
}
