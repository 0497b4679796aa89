using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary>The builder gets what it needs, and nothing that is secret or of this machine alone.</summary>
public sealed class DockerIgnoreTests
{
    [Theory]
    [InlineData(".env")]
    [InlineData(".airouter/admin-key")]
    [InlineData(".git/config")]
    [InlineData("feed.props")]
    [InlineData("models/ensemble/config.pbtxt")]
    [InlineData("secrets/openai")]
    [InlineData("key.json")]
    [InlineData("artifacts/build.log")]
    [InlineData("AiRouter.Api/bin/Release/net10.0/AiRouter.Api.dll")]
    [InlineData("AiRouter.Api/obj/project.assets.json")]
    [InlineData("AiRouter.Tests/Clients/node/node_modules/openai/index.js")]
    [InlineData("deploy/compose/config/airouter.yaml")]
    [InlineData("AiRouter.Admin/AiRouter.Admin.csproj.user")]
    public void File_stays_here(string file) => Assert.True(DockerIgnore.Ours.Ignores(file));

    [Fact]
    public void Everything_that_images_are_built_from_is_there()
    {
        var folders = OurImage.All.SelectMany(static image => ProjectFile.Closure(image.Project))
            .Append("prompt-formats").Append("protos").Distinct().ToList();
        var needed = Checkout.Files
            .Where(file => folders.Any(folder => file.StartsWith(folder + "/", StringComparison.Ordinal)))
            .Where(static file => Path.GetFileName(file) is not "Dockerfile" && !file.EndsWith(".md", StringComparison.Ordinal))
            .Concat(["airouter.yaml", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            .ToList();

        Assert.True(needed.Count > 500, $"{needed.Count} files");
        Assert.DoesNotContain(needed, DockerIgnore.Ours.Ignores);
    }
}
