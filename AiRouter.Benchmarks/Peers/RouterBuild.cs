using AiRouter.AppHost.Processes;

namespace AiRouter.Benchmarks.Peers;

/// <summary>A build of the router: of this checkout, or one that was named with <c>--router LABEL=FOLDER</c>.</summary>
/// <param name="Label">What it is called in tables.</param>
/// <param name="Command">How it is started.</param>
internal sealed record RouterBuild(string Label, IReadOnlyList<string> Command)
{
    private const string Program = "AiRouter.Api";

    /// <summary>What this checkout has built.</summary>
    public static RouterBuild OfThisCheckout { get; } = new("airouter", ["dotnet", BuiltProject.AssemblyOf(Program)]);

    /// <summary>Reads <c>LABEL=FOLDER</c>, with an assembly or a native program in the folder, or
    /// <c>LABEL=FILE</c>.</summary>
    public static RouterBuild Parse(string text)
    {
        var parts = text.Split('=', 2);
        if (parts.Length < 2)
        {
            throw new ArgumentException($"--router {text}: LABEL=FOLDER is needed");
        }

        string[] files = [parts[1], Path.Combine(parts[1], Program + ".dll"), Path.Combine(parts[1], Program)];
        var file = files.FirstOrDefault(File.Exists)
            ?? throw new ArgumentException($"--router {text}: there is neither {Program}.dll nor {Program} in {parts[1]}");
        var path = Path.GetFullPath(file);
        return new RouterBuild(parts[0], path.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", path] : [path]);
    }
}
