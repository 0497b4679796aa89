using AiRouter.AppHost.Topology;
using AiRouter.AppHost.Workspaces;

namespace AiRouter.AppHost.Aspire.Publishing;

/// <summary>The configuration that is published beside the manifests, for the router to read.</summary>
/// <param name="Text">The document.</param>
internal sealed record ConfigurationFile(string Text)
{
    /// <summary>Its name, in what is published and in containers.</summary>
    public const string Name = "airouter.yaml";

    /// <summary>Where the router finds it.</summary>
    public const string PathInContainers = $"{Wiring.Folders.Configuration}/{Name}";

    /// <summary>The user's own, or the sample with the backend <c>triton</c> where service discovery finds it.</summary>
    public static ConfigurationFile For(PublishOptions options, Workspace workspace) => new(
        options.ConfigFile is { } own
            ? File.ReadAllText(own)
            : File.ReadAllText(workspace.Sample)
                .Replace("# yaml-language-server: $schema=docs/airouter.schema.json\n#\n", string.Empty, StringComparison.Ordinal)
                .Replace("http://localhost:8001", "http://_grpc.triton", StringComparison.Ordinal));
}
