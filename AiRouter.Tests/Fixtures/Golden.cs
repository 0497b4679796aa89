using System.Runtime.CompilerServices;
using System.Text;

namespace AiRouter.Tests.Fixtures;

/// <summary>
/// Compares bytes with a file in the folder <c>Golden</c> beside the test. With <c>UPDATE_GOLDEN=1</c> the files are written
/// instead; the difference is then a matter of review.
/// </summary>
internal static class Golden
{
    private static readonly bool Update = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    public static void Equal(string name, string actual, [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(test)!, "Golden", name);
        if (Update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, Encoding.UTF8.GetBytes(actual));
            return;
        }

        Assert.True(File.Exists(file), $"There is no golden file {name}. Make it with UPDATE_GOLDEN=1.");
        Assert.Equal(Encoding.UTF8.GetString(File.ReadAllBytes(file)), actual);
    }
}
