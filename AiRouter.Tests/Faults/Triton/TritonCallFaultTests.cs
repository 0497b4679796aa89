namespace AiRouter.Tests.Faults;

/// <summary>Faults of single calls at a Triton server: each fault at each moment, whole answers and streams.</summary>
public sealed class TritonCallFaultTests
{
    public static TheoryData<string> Faults => [.. TritonCallFaults.All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_of_a_call_ends_in_its_error_and_leaves_nothing(string name)
    {
        var fault = TritonCallFaults.All.Single(f => f.Name == name);
        await using var scene = await TritonScene.StartAsync();
        Assert.Equal("200", await scene.AskAsync(stream: true));
        foreach (var moment in Enum.GetValues<FaultMoment>())
        {
            foreach (var stream in ((bool[])[false, true]).Where(s => fault.Fits(moment, s)))
            {
                scene.Server.Intercept = async (method, call) =>
                {
                    if (method != "ModelStreamInfer")
                    {
                        return false;
                    }

                    await TritonScene.BeginAsync(call, moment);
                    await scene.ArrivedAsync(moment);
                    await fault.Strike(scene, call);
                    if (fault.GoesOn)
                    {
                        await TritonScene.FinishAsync(call, moment);
                    }

                    return true;
                };
                Assert.Equal($"{moment} {stream}: {fault.Expected(moment, stream)}", $"{moment} {stream}: {await scene.AskAsync(stream)}");
                await scene.NothingIsLeftAsync();

                scene.Heal();
                Assert.Equal($"{moment} {stream}: 200", $"{moment} {stream}: {await scene.AskAsync(stream)}");
                await scene.NothingIsLeftAsync();
            }
        }
    }
}
