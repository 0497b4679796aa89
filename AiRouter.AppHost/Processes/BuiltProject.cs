using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AiRouter.AppHost.Processes;

/// <summary>Starts the built form of a project of this solution: the same configuration and framework as the AppHost itself.</summary>
internal static class BuiltProject
{
    /// <summary>How to start the project; all its streams are ours.</summary>
    public static ProcessStartInfo StartInfo(string project, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(DotnetHost)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(AssemblyOf(project));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>The assembly of a project, beside our own: <c>…/AiRouter.Api/bin/Release/net10.0/AiRouter.Api.dll</c>.</summary>
    public static string AssemblyOf(string project)
    {
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(BuildOutput));
        var configuration = framework.Parent!;
        var solution = configuration.Parent!.Parent!.Parent!;
        return Path.Combine(solution.FullName, project, "bin", configuration.Name, framework.Name, project + ".dll");
    }

    // The AppHost's own output also when its assembly was copied elsewhere, as into the tests' output: the layout is the same there.
    private static string BuildOutput => AppContext.BaseDirectory;

    // The host that runs this process, which need not be the one on the PATH.
    private static string DotnetHost
    {
        get
        {
            var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
            var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
            var host = Path.Combine(root, name);
            return File.Exists(host) ? host : name;
        }
    }
}
