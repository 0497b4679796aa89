using System.Runtime.InteropServices;
using AiRouter.AppHost.Machines;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Processes;
using AiRouter.AppHost.Workspaces;

namespace AiRouter.AppHost.Runner;

/// <summary>The AppHost without Aspire: the same resources as plain child processes.</summary>
internal static class Composition
{
    /// <summary>Runs until Ctrl-C or SIGTERM (exit code 0), or until something fails (1).</summary>
    public static async Task<int> RunAsync(LaunchOptions options, Workspace workspace)
    {
        var (topology, obstacle) = await Launch.PrepareAsync(
            options, workspace, Machine.WithoutAspire, CancellationToken.None);
        if (topology is null)
        {
            return Refusal.Say(obstacle);
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

        await using var runner = new ProcessRunner(
            Console.Out, static process => BuiltProject.StartInfo(process.Project), TimeProvider.System);
        var failure = await runner.RunAsync(topology, () => Console.Out.Write(Announcement.For(topology)), stop.Token);
        return failure is null ? 0 : Refusal.Say(failure);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
