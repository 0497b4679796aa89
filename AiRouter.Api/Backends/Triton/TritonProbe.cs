using AiRouter.Api.Health.Probes;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton;

/// <summary>Asks a Triton server, and then for each model, whether it is ready (<c>ServerReady</c>, <c>ModelReady</c>).</summary>
internal static class TritonProbe
{
    /// <summary>One probe.</summary>
    public static async ValueTask<ProbeResult> RunAsync(
        TritonClient client, IReadOnlyCollection<string> models, CancellationToken cancellationToken)
    {
        try
        {
            if (!await client.AskReadyAsync(cancellationToken))
            {
                return ProbeResult.Failed(ProbeFinding.NotReady);
            }

            List<string> unready = [];
            foreach (var model in models)
            {
                if (!await client.IsModelReadyAsync(model, cancellationToken))
                {
                    unready.Add(model);
                }
            }

            return unready.Count == 0 ? ProbeResult.Well : new ProbeResult(ProbeFinding.Well, unready);
        }
        catch (TritonException exception)
        {
            return FindingOf(exception.Failure.Kind) is var finding and not ProbeFinding.Well
                ? ProbeResult.Failed(finding)
                : ProbeResult.Well;
        }
    }

    /// <summary>A server that answers anything else is alive: it may only restrict who asks for its health (R25).</summary>
    private static ProbeFinding FindingOf(TritonFailureKind kind) => kind switch
    {
        TritonFailureKind.Unreachable or TritonFailureKind.Reset => ProbeFinding.Unreachable,
        TritonFailureKind.ConnectTimeout or TritonFailureKind.FirstResponseTimeout or TritonFailureKind.IdleTimeout or
            TritonFailureKind.DeadlineExceeded => ProbeFinding.TimedOut,
        TritonFailureKind.Unavailable => ProbeFinding.NotReady,
        TritonFailureKind.Malformed => ProbeFinding.ServerError,
        _ => ProbeFinding.Well,
    };
}
