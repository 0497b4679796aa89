using System.Runtime.CompilerServices;

namespace AiRouter.Tests.Fixtures;

/// <summary>Texts that must stay byte for byte as they are, in files beside the tests. <c>UPDATE_GOLDEN=1</c> writes them anew.</summary>
internal static class Golden
{
    /// <summary>Compares with <c>Golden/{name}</c> in the folder of the calling test.</summary>
    public static void Equal(string name, string actual, [CallerFilePath] string caller = "") =>
        EqualFile(Path.Combine(Path.GetDirectoryName(caller)!, "Golden", name), actual);

    /// <summary>Compares with a file of the repository, such as one in <c>docs/</c>.</summary>
    public static void EqualDocument(string path, string actual, [CallerFilePath] string caller = "")
    {
        var root = Path.GetDirectoryName(caller)!;
        while (!File.Exists(Path.Combine(root, "AiRouter.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        EqualFile(Path.Combine(root, path), actual);
    }

    private static void EqualFile(string path, string actual)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"There is no {path}: run the test with UPDATE_GOLDEN=1 and look at what it wrote.");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
