using System.Text.Json;
using AiRouter.Benchmarks.Load.Raw;

namespace AiRouter.Benchmarks.Load.Grpc;

/// <summary><c>grpc-load</c>: <see cref="GrpcLoad"/> as a process of its own, with the command line of
/// <c>load</c>.</summary>
internal static class GrpcLoadCommand
{
    /// <summary>Runs it; 1: an answer was wrong.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (ModeOptions.Parse("grpc-load", arguments, LoadArguments.Known) is not { } options)
        {
            return 2;
        }

        var plan = LoadArguments.Plan(options);

        // All that gRPC is made of has to be compiled first.
        plan = plan with { Ramp = plan.Ramp + TimeSpan.FromSeconds(1.5) };
        using var load = new GrpcLoad(plan, TritonRequests.Parse(options.Text("--request") ?? "triton/200/0", plan.Connections));
        var figures = await load.RunAsync(CancellationToken.None);
        Console.WriteLine(JsonSerializer.Serialize(figures, LoadCommand.Json));
        return figures.Errors == 0 ? 0 : 1;
    }
}
