using System.Diagnostics;
using AiRouter.AppHost.Processes;

namespace AiRouter.AppHost.Workspaces;

/// <summary>Makes a configuration for a Triton from what that Triton says about itself, by the router's own command
/// <c>discover</c>.</summary>
internal static class TritonDiscovery
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);

    /// <summary>Writes the file; the result is null, or one sentence about why it could not be done.</summary>
    public static async Task<string?> WriteAsync(Uri triton, string file, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_deadline);
        using var discover = Process.Start(
            BuiltProject.StartInfo("AiRouter.Api", "discover", triton.GetLeftPart(UriPartial.Authority)))!;
        try
        {
            var yaml = discover.StandardOutput.ReadToEndAsync(deadline.Token);
            var problem = discover.StandardError.ReadToEndAsync(deadline.Token);
            await discover.WaitForExitAsync(deadline.Token);
            if (discover.ExitCode != 0)
            {
                return (await problem).Trim();
            }

            await File.WriteAllTextAsync(file, await yaml, deadline.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the Triton at {triton} did not list its models within {_deadline.TotalSeconds} s";
        }
        finally
        {
            if (!discover.HasExited)
            {
                discover.Kill();
            }
        }
    }
}
