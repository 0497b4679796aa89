using System.Diagnostics;
using AiRouter.Triton;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>The last steps of a check of a Triton server: whether it is ready, and what is in its repository.</summary>
internal sealed class TritonCheck(CheckSteps steps, TimeProvider time)
{
    private const int Rounds = 3;

    /// <summary>Its models.</summary>
    public RepositoryView? Repository { get; private set; }

    /// <summary>What the server calls itself.</summary>
    public string? Server { get; private set; }

    /// <summary>Milliseconds of the quickest of a few calls.</summary>
    public double? Latency { get; private set; }

    /// <summary>Runs them.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var client = TritonAccess.Connect(steps.Backend, steps.Connector, time);
        try
        {
            if (!await client.AskReadyAsync(cancellationToken))
            {
                steps.Warn(
                    CheckStepKind.Answer, "It answers over gRPC, and says that it is not ready.", "It may still be loading models: try again soon.");
            }

            var server = await client.ReadServerAsync(cancellationToken);
            Server = $"{server.Name} {server.Version}".Trim();
            Latency = await LatencyAsync(client, cancellationToken);
            steps.Pass(CheckStepKind.Answer, $"It answers over gRPC: {Server}.", Latency);
        }
        catch (TritonException failure)
        {
            Explain(failure.Failure);
            return;
        }

        try
        {
            Repository = await RepositoryReader.ReadAsync(client, cancellationToken) with { Version = Server };
            var ready = Repository.Models.Count(static m => m.State == RepositoryState.Ready);
            steps.Pass(CheckStepKind.Models, $"Its repository has {Count(Repository.Models.Count)}, {ready} of them loaded.");
        }
        catch (TritonException failure)
        {
            steps.Warn(
                CheckStepKind.Models,
                failure.Failure.Kind == TritonFailureKind.Unauthenticated
                    ? "It shows its model repository only with a header of its own."
                    : "It does not show its model repository.",
                "Requests work without it: give the models by name.");
        }
    }

    private static string Count(int models) => models == 1 ? "1 model" : $"{models} models";

    private static async Task<double> LatencyAsync(TritonClient client, CancellationToken cancellationToken)
    {
        var best = double.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await client.AskReadyAsync(cancellationToken);
            best = Math.Min(best, CheckSteps.Since(started));
        }

        return best;
    }

    private void Explain(TritonFailure failure)
    {
        var (text, mend) = failure.Kind switch
        {
            TritonFailureKind.Unauthenticated => (
                "It wants a credential.",
                steps.Backend.Credentials.Unknown.Count > 0
                    ? "Routers may have it; Admin could not send it."
                    : "Give an API key, or the header that its restricted protocols want (triton-grpc-protocol-…)."),
            TritonFailureKind.DeadlineExceeded or TritonFailureKind.ConnectTimeout =>
                ("It did not answer a call over gRPC in time.", GrpcMend()),
            TritonFailureKind.Unavailable => ("It answers, and says that it is not available.", "It may still be starting: try again soon."),
            TritonFailureKind.NoTriton => ("It speaks gRPC, but is no Triton: it does not know the call.", GrpcMend()),
            _ => ("It does not answer as a gRPC server does.", GrpcMend()),
        };
        if (failure.Kind == TritonFailureKind.Unauthenticated && steps.Backend.Credentials.Unknown.Count > 0)
        {
            steps.Warn(CheckStepKind.Answer, text, mend);
        }
        else
        {
            steps.Fail(CheckStepKind.Answer, text, mend);
        }
    }

    private string GrpcMend() => steps.Config.Url.Port switch
    {
        8000 => "Port 8000 is usually Triton's HTTP: its gRPC is on 8001.",
        8002 => "Port 8002 is usually Triton's metrics: its gRPC is on 8001.",
        _ when steps.Config.Url.Scheme == "http" =>
            "Is this the gRPC port (usually 8001)? If it wants TLS, the URL begins with https://. OpenAI-compatible servers are of kind openai.",
        _ => "Is this the gRPC port (usually 8001)? OpenAI-compatible servers are of kind openai.",
    };
}
