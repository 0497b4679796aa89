using System.Runtime.InteropServices;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Processes;
using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Runner;

/// <summary>The AppHost without Aspire: the same resources as plain child processes.</summary>
internal static class Composition
{
    /// <summary>Whether this form has containers, a dashboard and options of Aspire's own.</summary>
    public static bool HasAspire => false;

    /// <summary>Runs until Ctrl-C or SIGTERM (exit code 0), or until something fails (1). The form with Aspire needs the options too.</summary>
    public static async Task<int> RunAsync(RouterTopology topology, LaunchOptions _)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

        await using var runner = new ProcessRunner(
            Console.Out, static process => BuiltProject.StartInfo(process.Project), TimeProvider.System);
        var failure = await runner.RunAsync(topology, () => Console.Out.Write(Announcement.For(topology)), stop.Token);
        if (failure is null)
        {
            return 0;
        }

        await Console.Error.WriteLineAsync($"AiRouter: {failure}");
        return 1;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
