using System.Diagnostics;
using AiRouter.AppHost.Processes;

namespace AiRouter.Tests.Fixtures;

/// <summary>One run of a program of ours that ends by itself.</summary>
internal static class ProgramRun
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Starts the built form of a project; gives its exit code and what it said, errors included.</summary>
    public static Task<(int Status, string Said)> OfAsync(
        string project, IEnumerable<(string Name, string Value)> environment, params ReadOnlySpan<string> arguments)
    {
        var start = BuiltProject.StartInfo(project, arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return OfAsync(start, Deadline);
    }

    /// <summary>Starts any program; gives its exit code and what it said, errors included.</summary>
    public static async Task<(int Status, string Said)> OfAsync(ProcessStartInfo start, TimeSpan limit)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
