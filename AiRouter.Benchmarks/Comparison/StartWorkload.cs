using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using AiRouter.Benchmarks.Peers;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Comparison;

/// <summary>From the start of a router's process to the end of its first answer to a client, and its memory when it has
/// done nothing more for a while.</summary>
internal sealed class StartWorkload : IWorkload
{
    private const double MiB = 1024 * 1024;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public string Name => "start";

    /// <inheritdoc/>
    public string Title => "from the start of the process to its first answer; resident memory 3 s later";

    /// <inheritdoc/>
    public bool DependsOnLimits => false;

    /// <inheritdoc/>
    public async Task<WorkloadResult> RunAsync(BenchSettings settings, string limits, CancellationToken cancellationToken)
    {
        var rounds = settings.Routers.ToDictionary(static b => b, static _ => new List<IReadOnlyDictionary<string, double>>());
        for (var round = 0; round < settings.Rounds; round++)
        {
            foreach (var build in settings.Routers)
            {
                rounds[build].Add(await RoundAsync(settings, build, cancellationToken));
            }
        }

        return new WorkloadResult
        {
            Name = Name,
            Title = Title,
            Unit = "start",
            Peers = [.. rounds.Select(static r => new PeerResult(r.Key.Label, true, r.Value))],
        };
    }

    private static async Task<IReadOnlyDictionary<string, double>> RoundAsync(
        BenchSettings settings, RouterBuild build, CancellationToken cancellationToken)
    {
        await using var stage = new Stage();
        var upstream = await LoadProcess.StartUpstreamAsync(stage, settings.LoadCores, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var router = await RouterPeer.LaunchAsync(
            stage, build, RouterConfiguration.OpenAi(upstream.Port), [], settings.ProxyCores, cancellationToken);
        await AskAsync(router.Port, cancellationToken);
        var time = Stopwatch.GetElapsedTime(started);
        await Task.Delay(Idle, cancellationToken);
        return new Dictionary<string, double>
        {
            [Metric.Start.Name] = time.TotalMilliseconds,
            [Metric.Resident.Name] = router.Processes.Sum(ProcessAccount.Resident) / MiB,
        };
    }

    /// <summary>Asks until there is an answer: before its configuration is loaded a router has none.</summary>
    private static async Task AskAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/v1/chat/completions")
            {
                Content = new StringContent(
                    """{"model":"chat","messages":[{"role":"user","content":"Hello"}]}""", Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RouterConfiguration.Key);
            using var answer = await client.SendAsync(request, deadline.Token);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(5, deadline.Token);
        }
    }
}
