using System.Net;
using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;
using Microsoft.Extensions.ServiceDiscovery;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>
/// Tries a backend out, saved or not (R6): only for admins, never at link-local and metadata addresses, without following redirects,
/// each step with its deadline. It runs where Admin runs: what it finds may differ from what routers find.
/// </summary>
internal sealed partial class BackendCheck(
    BackendAccess access, TimeProvider time, ILogger<BackendCheck> logger, ServiceEndpointResolver? services = null)
{
    /// <summary>Tries one out.</summary>
    /// <param name="name">Its name; of one that is not stored, any.</param>
    /// <param name="asked">The backend as somebody is about to save it; null: as it is stored.</param>
    /// <param name="by">Who wants to know.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Outcome<BackendCheckReport>> RunAsync(
        string name, BackendConfig? asked, AdminIdentity by, CancellationToken cancellationToken)
    {
        var prepared = await access.PrepareAsync(name, asked, by, cancellationToken);
        if (prepared.Failure is { } failure)
        {
            return failure;
        }

        var backend = prepared.Value!;
        var steps = new CheckSteps(backend, new CheckedConnector(services, Dns.GetHostAddressesAsync));
        var report = await RunAsync(steps, cancellationToken);
        LogChecked(by.Name, name, backend.Config.Url.Authority, steps.Verdict);
        return report;
    }

    private async Task<BackendCheckReport> RunAsync(CheckSteps steps, CancellationToken cancellationToken)
    {
        var connection = new ConnectionCheck(steps, time);
        var openAi = new OpenAiCheck(steps);
        var triton = new TritonCheck(steps, time);
        if (await connection.RunAsync(cancellationToken))
        {
            await (steps.Config.Kind == BackendKind.Triton ? triton.RunAsync(cancellationToken) : openAi.RunAsync(cancellationToken));
        }

        return new BackendCheckReport(steps.Config.Url.AbsoluteUri, time.GetUtcNow(), steps.Verdict, [.. steps.All])
        {
            NotSent = steps.Backend.Credentials.Unknown,
            Certificate = connection.Certificate,
            LatencyMilliseconds = openAi.Latency ?? triton.Latency,
            Server = openAi.Server ?? triton.Server,
            SuggestedUrl = openAi.SuggestedUrl,
            Models = openAi.Models,
            Repository = triton.Repository,
        };
    }

    [LoggerMessage(3501, LogLevel.Information, "{By} tried the backend {Backend} out, at {Authority}: {Verdict}")]
    private partial void LogChecked(string by, string backend, string authority, CheckVerdict verdict);
}
