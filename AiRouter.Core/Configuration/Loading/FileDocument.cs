using System.Text;
using AiRouter.Core.Configuration.Overrides;

namespace AiRouter.Core.Configuration.Loading;

/// <summary>The document of a file, or of the variable that stands for one.</summary>
internal sealed class FileDocument(RouterConfigurationSource source) : IDocumentSource
{
    public bool IsFixed => source.Yaml is not null;

    public ConfigurationDocument? Fallback => null;

    /// <summary>The document; never null, but it may have no content.</summary>
    public ConfigurationDocument Read()
    {
        if (source.Yaml is { } yaml)
        {
            return new ConfigurationDocument(source.Name, Encoding.UTF8.GetBytes(yaml), IsJson: false);
        }

        var document = new ConfigurationDocument(
            source.Name, null, source.File.EndsWith(".json", StringComparison.OrdinalIgnoreCase));
        try
        {
            return document with { Content = ConfigurationFile.Read(source.File) };
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return document with { Problem = Missing() };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return document with { Problem = $"the file {source.File} cannot be read: {unreadable.Message}" };
        }
    }

    public void OnChange(Action changed)
    {
        // A file tells nothing: it is looked at (R42).
    }

    public void Serves(ConfigurationDocument document, ConfigurationLoad load)
    {
        // Nobody has to know.
    }

    ConfigurationDocument? IDocumentSource.Read() => Read();

    // Without a file the environment may be all there is, unless somebody named one.
    private string? Missing() => source switch
    {
        { IsFileNamed: true } => $"there is no file {Path.GetFullPath(source.File)}",
        _ when EnvironmentOverrides.Of(source.Environment).Any() => null,
        _ => $"there is no file {Path.GetFullPath(source.File)}: write one, or name one with --config or AIROUTER_CONFIG, or " +
            "configure by AIROUTER_CONFIG_YAML or AIROUTER__… variables",
    };
}
