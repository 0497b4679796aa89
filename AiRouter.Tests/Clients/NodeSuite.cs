using System.Diagnostics;
using System.Text.Json;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Clients;

/// <summary>A suite that drives a running router with clients of npm; it runs once, whoever asks first.</summary>
/// <param name="name">Its folder, beside this file.</param>
/// <param name="url">Where the router is.</param>
/// <param name="file">The suite.</param>
public sealed class NodeSuite(string name, Func<ClientServers, Task<Uri>> url, string file = "suite.mjs") : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private Dictionary<string, string?>? _results;

    /// <summary>Each check that has run, with what went wrong; null: nothing.</summary>
    public async Task<Dictionary<string, string?>> ResultsAsync(ClientServers servers)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _results ??= await RunAsync(await url(servers));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<Dictionary<string, string?>> RunAsync(Uri root)
    {
        var folder = Path.Combine(Checkout.Root, "AiRouter.Tests", "Clients", name);
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(folder, "node_modules")), $"Run 'npm ci' in {folder} (airouter.sh test does).");
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = folder,
            ArgumentList = { file },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ROUTER_URL"] = root.ToString(),
                ["SCHEMAS"] = Path.Combine(Checkout.Root, "..", "shared", "data", "openai-schemas"),
            },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node does not start");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            Assert.True(process.ExitCode == 0, await errors);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .ToDictionary(
                    r => r.GetProperty("name").GetString()!,
                    r => r.GetProperty("ok").GetBoolean() ? null : r.GetProperty("error").GetString());
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
