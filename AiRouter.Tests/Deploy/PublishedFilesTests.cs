namespace AiRouter.Tests.Deploy;

/// <summary>That what is kept of the published files is what the AppHost publishes.</summary>
public sealed class PublishedFilesTests
{
    [Theory]
    [MemberData(nameof(PublishedFiles.All), MemberType = typeof(PublishedFiles))]
    public async Task AppHost_publishes_what_is_kept(string name)
    {
        Assert.SkipWhen(
            PublishedFiles.AppHost is null,
            "Publishing is Aspire's, which the package feed has not; AIROUTER_TEST_APPHOST may name an AppHost.dll with it.");
        var home = Directory.CreateTempSubdirectory("published").FullName;
        var folder = Path.Combine(home, name);
        Directory.CreateDirectory(Path.Combine(folder, "templates"));
        var stale = Path.Combine(folder, "templates", "stale.yaml");
        await File.WriteAllTextAsync(stale, "kind: Stale", TestContext.Current.CancellationToken);
        try
        {
            await PublishedFiles.PublishAsync(name, folder, TestContext.Current.CancellationToken);

            if (name.StartsWith("compose", StringComparison.Ordinal))
            {
                Directory.Delete(Path.Combine(folder, "templates"), recursive: true);
            }

            if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            {
                Keep(name, folder);
            }

            Assert.Equal(PublishedFiles.Read(PublishedFiles.Folder(name)), PublishedFiles.Read(folder));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static void Keep(string name, string published)
    {
        var golden = PublishedFiles.Folder(name);
        if (Directory.Exists(golden))
        {
            Directory.Delete(golden, recursive: true);
        }

        foreach (var (path, text) in PublishedFiles.Read(published))
        {
            var file = Path.Combine(golden, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }
}
