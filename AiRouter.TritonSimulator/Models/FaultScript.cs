using AiRouter.TritonSimulator.Scripts;
using Grpc.Core;

namespace AiRouter.TritonSimulator.Models;

/// <summary>The faults that a script puts between the tokens of an answer.</summary>
internal sealed class FaultScript(Script script, InferenceRun run)
{
    /// <summary>False lets the token loop skip all of this.</summary>
    public bool Any { get; } = script is not
    {
        ErrorAfter: < 0, HangAfter: < 0, ResetAfter: < 0, DropAfter: < 0, CloseAfter: < 0, StatusAfter: < 0,
        MalformedAfter: < 0,
    };

    /// <summary>Whether a fault comes after so many tokens, so that the last of them is not final.</summary>
    public bool ComesAfter(int tokens)
    {
        return Any && Math.Max(
            Math.Max(Math.Max(script.ErrorAfter, script.HangAfter), Math.Max(script.ResetAfter, script.DropAfter)),
            Math.Max(Math.Max(script.CloseAfter, script.StatusAfter), script.MalformedAfter)) >= tokens;
    }

    /// <summary>Does what is due before token number <paramref name="token"/>; false ends the request.</summary>
    public async ValueTask<bool> PassAsync(
        Func<string, Task> fail, Func<Task> sendMalformed, int token, CancellationToken cancellationToken)
    {
        if (Due(script.HangAfter, token))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        if (Due(script.ErrorAfter, token))
        {
            await fail(script.ErrorText ?? "simulated failure");
            return false;
        }

        if (Due(script.MalformedAfter, token))
        {
            run.Break("malformed tensor");
            await sendMalformed();
            return false;
        }

        if (Due(script.StatusAfter, token))
        {
            run.Break("status " + script.Status);
            throw new RpcException(new Status(script.Status, "simulated status"));
        }

        if (Due(script.ResetAfter, token))
        {
            run.Break("reset");
            run.Faults.Reset();
            return false;
        }

        if (Due(script.DropAfter, token))
        {
            run.Break("connection dropped");
            run.Faults.Drop();
            return false;
        }

        if (Due(script.CloseAfter, token))
        {
            run.Break("closed without a final response");
            return false;
        }

        return true;
    }

    private static bool Due(int after, int token)
    {
        return after >= 0 && after <= token;
    }
}
