using System.Security.Cryptography;
using System.Text;
using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Workspaces;

/// <summary>The ignored folder <c>.airouter/</c> in the checkout, where what a user edits and what a run makes is kept.</summary>
internal sealed class Workspace(string checkout)
{
    /// <summary>The configuration that ships with AiRouter, and the name of its copy.</summary>
    public const string SampleName = "airouter.yaml";

    /// <summary>The file with the key of the first admin.</summary>
    public const string AdminKeyName = "admin-key";

    /// <summary>The folder itself.</summary>
    public string Folder { get; } = Path.Combine(checkout, ".airouter");

    /// <summary>The sample configuration of the checkout.</summary>
    public string Sample => Path.Combine(checkout, SampleName);

    /// <summary>The model repository that lies in the checkout, if it has anything in it.</summary>
    public string? Models
    {
        get
        {
            var folder = new DirectoryInfo(Path.Combine(checkout, "models"));
            return folder.Exists && folder.EnumerateDirectories().Any() ? folder.FullName : null;
        }
    }

    /// <summary>What the router and the embedded store write. The container's store has other keys in it than the embedded one, and a
    /// router that found its store changed under it would call that a fault (R36), so it gets a folder of its own.</summary>
    public string DataFolder(RedisBacking redis) => PathOf(redis == RedisBacking.Container ? "data-of-container" : "data");

    /// <summary>The checkout that the folder lies in, found from the assembly upwards.</summary>
    /// <exception cref="DirectoryNotFoundException">The assembly does not lie in a checkout.</exception>
    public static Workspace Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AiRouter.sln")))
            {
                return new Workspace(folder.FullName);
            }
        }

        throw new DirectoryNotFoundException("The AppHost runs from a checkout of AiRouter, and this is none.");
    }

    /// <summary>The user's copy of the sample configuration: made by the first run, never touched again.</summary>
    public string SampleCopy()
    {
        var copy = PathOf(SampleName);
        if (!File.Exists(copy))
        {
            // Editors look for the schema from the copy's folder.
            var sample = File.ReadAllText(Sample);
            File.WriteAllText(copy, sample.Replace("$schema=docs/", "$schema=../docs/", StringComparison.Ordinal));
        }

        return copy;
    }

    /// <summary>A random secret of 32 bytes in hexadecimal that is kept in a file of the folder, for this user alone: made by the first
    /// run.</summary>
    public string Secret(string name) => Secret(name, Convert.ToHexStringLower);

    /// <summary>The key for credentials of backends that Admin stores, kept likewise.</summary>
    public string EncryptionKey() => Secret("encryption-key", Convert.ToBase64String);

    private string Secret(string name, Func<byte[], string> write)
    {
        var path = PathOf(name);
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } kept)
        {
            return kept;
        }

        var secret = write(RandomNumberGenerator.GetBytes(32));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, Encoding.ASCII, options);
        writer.WriteLine(secret);
        return secret;
    }

    /// <summary>A file in the folder, which is there afterwards, for this user alone: secrets will lie in it.</summary>
    public string PathOf(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Folder);
        }
        else
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return Path.Combine(Folder, name);
    }
}
