namespace AiRouter.Tests.Configuration;

/// <summary>Files of the repository that the tests were built in.</summary>
internal static class Checkout
{
    public static string File(params string[] path) => Path.Combine([Root(), .. path]);

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!System.IO.File.Exists(Path.Combine(folder, "AiRouter.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        }

        return folder;
    }
}
