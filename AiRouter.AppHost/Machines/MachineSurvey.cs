using System.ComponentModel;
using System.Diagnostics;

namespace AiRouter.AppHost.Machines;

/// <summary>Finds out what can be run here, before the model is made: a model with containers fails without a runtime for them.</summary>
internal static class MachineSurvey
{
    /// <summary>The variable that names the runtime, as Aspire reads it.</summary>
    public const string RuntimeVariable = "ASPIRE_CONTAINER_RUNTIME";

    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(10);

    /// <summary>Asks the programs that know: <c>docker</c>, <c>podman</c> and <c>nvidia-smi</c>.</summary>
    /// <param name="runtime">The runtime that was configured; null: Docker if it answers, else Podman, which is Aspire's own order.</param>
    /// <param name="cancellationToken">Stops the questions.</param>
    public static async Task<Machine> RunAsync(string? runtime, CancellationToken cancellationToken)
    {
        string[] candidates = string.IsNullOrEmpty(runtime) ? ["docker", "podman"] : [runtime];

        // What Aspire's orchestrator asks too. It fails when the program is there and its daemon is not.
        var answers = candidates.Select(name => SucceedsAsync(name, "container ls -n 1", cancellationToken)).ToList();
        var gpu = SucceedsAsync("nvidia-smi", "-L", cancellationToken);
        await Task.WhenAll([.. answers, gpu]);
        var first = answers.FindIndex(static answer => answer.Result);
        return new Machine(HasAspire: true, first < 0 ? null : candidates[first], await gpu);
    }

    private static async Task<bool> SucceedsAsync(string program, string arguments, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_deadline);
        using var process = Start(program, arguments);
        if (process is null)
        {
            return false;
        }

        try
        {
            // Read, because a program that cannot write does not end.
            await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(deadline.Token),
                process.StandardError.ReadToEndAsync(deadline.Token));
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static Process? Start(string program, string arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            });
        }
        catch (Win32Exception)
        {
            // Not installed.
            return null;
        }
    }
}
