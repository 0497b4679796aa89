using Microsoft.AspNetCore.Http;

namespace AiRouter.Tests.Faults.Triton;

/// <summary>A fault of one call at a Triton server, from which rows of the table are made: one for each moment of an answer.</summary>
/// <param name="Name">In words.</param>
/// <param name="Early">What a client gets where nothing of an answer has gone out yet.</param>
/// <param name="Strike">Does it, when the answer has come to its moment.</param>
internal sealed record TritonCallFault(string Name, FaultOutcome Early, Func<TritonScene, HttpContext, Task> Strike)
{
    /// <summary>The answer is finished behind it.</summary>
    public bool GoesOn { get; init; }

    /// <summary>What had come before it and was not read is lost.</summary>
    public bool IsAbrupt { get; init; }

    /// <summary>After the first tokens it is no fault.</summary>
    public bool OnlyEarly { get; init; }

    /// <summary>What a client gets where a second, healthy target is there; null: no such row.</summary>
    public FaultOutcome? Second { get; init; }

    /// <summary>One for each moment, whole and streamed.</summary>
    public IEnumerable<FaultCase> Rows =>
        from moment in Enum.GetValues<FaultMoment>()
        from stream in (bool[])[false, true]
        where Fits(moment, stream)
        from targets in Second is null || moment > FaultMoment.AfterHeaders ? (int[])[1] : [1, 2]
        select new FaultCase(
            "Triton: " + Name, Words(moment), targets == 2 ? Second! : Expected(moment, stream), () => RunAsync(moment, stream, targets))
        {
            Streaming = stream,
            Targets = targets,
        };

    private static string Words(FaultMoment moment) => moment switch
    {
        FaultMoment.BeforeHeaders => "before the headers",
        FaultMoment.AfterHeaders => "before the first token",
        FaultMoment.AfterTokens => "after two tokens",
        _ => "behind the last token",
    };

    private async Task<FaultOutcome> RunAsync(FaultMoment moment, bool stream, int targets)
    {
        await using var scene = await TritonScene.StartAsync(targets);
        scene.Server.Intercept = async (method, call) =>
        {
            if (method != "ModelStreamInfer")
            {
                return false;
            }

            await TritonScene.BeginAsync(call, moment);
            await scene.ArrivedAsync(moment);
            await Strike(scene, call);
            if (GoesOn)
            {
                await TritonScene.FinishAsync(call, moment);
            }

            return true;
        };
        return await scene.RunAsync(stream);
    }

    /// <summary>Nobody can tell when the router has read a final response, but from the end of its stream.</summary>
    private bool Fits(FaultMoment moment, bool stream) => moment switch
    {
        FaultMoment.AfterFinal => !OnlyEarly && (stream || !IsAbrupt),
        FaultMoment.AfterTokens => !OnlyEarly,
        _ => true,
    };

    private FaultOutcome Expected(FaultMoment moment, bool stream) => (moment, stream) switch
    {
        _ when Early == FaultOutcome.Right => Early,
        (FaultMoment.AfterFinal, _) => FaultOutcome.Right,
        (FaultMoment.AfterTokens, true) => FaultOutcome.Cut(Early.Client.Split('`')[1]),
        _ => Early,
    };
}
