using AiRouter.AppHost.Workspaces;

namespace AiRouter.Tests.AppHost;

public sealed class WorkspaceTests : IDisposable
{
    private readonly DirectoryInfo _checkout = Directory.CreateTempSubdirectory("air router ");

    [Fact]
    public void Sample_is_copied_once_and_the_users_edits_stay()
    {
        var sample = Path.Combine(_checkout.FullName, "airouter.yaml");
        File.WriteAllText(sample, "first");
        var workspace = new Workspace(_checkout.FullName);

        var copy = workspace.SampleCopy();
        Assert.Equal("first", File.ReadAllText(copy));
        Assert.Equal(Path.Combine(_checkout.FullName, ".airouter", "airouter.yaml"), copy);

        File.WriteAllText(copy, "edited");
        File.WriteAllText(sample, "second");
        Assert.Equal("edited", File.ReadAllText(workspace.SampleCopy()));
        Assert.Equal("second", File.ReadAllText(sample));
    }

    [Fact]
    public void Copy_finds_the_schema_of_the_sample()
    {
        File.WriteAllText(Path.Combine(_checkout.FullName, "airouter.yaml"), "# $schema=docs/airouter.schema.json\n");

        Assert.Equal(
            "# $schema=../docs/airouter.schema.json\n",
            File.ReadAllText(new Workspace(_checkout.FullName).SampleCopy()));
    }

    [Fact]
    public void Folder_is_for_this_user_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        var workspace = new Workspace(_checkout.FullName);
        _ = workspace.PathOf("x");

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(workspace.Folder));
    }

    [Fact]
    public void Secret_is_made_once_for_this_user_alone()
    {
        var workspace = new Workspace(_checkout.FullName);

        var secret = workspace.Secret("admin-key");

        Assert.Matches("^[0-9a-f]{64}$", secret);
        Assert.Equal(secret, workspace.Secret("admin-key"));
        Assert.NotEqual(secret, workspace.Secret("store-password"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(workspace.PathOf("admin-key")));
        }
    }

    [Fact]
    public void Encryption_key_is_32_bytes_in_the_form_that_Admin_reads()
    {
        var workspace = new Workspace(_checkout.FullName);

        var key = workspace.EncryptionKey();

        Assert.Equal(32, Convert.FromBase64String(key).Length);
        Assert.Equal(key, workspace.EncryptionKey());
    }

    [Fact]
    public void Model_repository_in_the_checkout_counts_when_something_is_in_it()
    {
        var workspace = new Workspace(_checkout.FullName);
        Assert.Null(workspace.Models);

        var models = _checkout.CreateSubdirectory("models");
        Assert.Null(workspace.Models);

        models.CreateSubdirectory("ensemble");
        Assert.Equal(models.FullName, workspace.Models);
    }

    public void Dispose() => _checkout.Delete(recursive: true);
}
