using AiRouter.AppHost.Machines;
using AiRouter.AppHost.Options;

namespace AiRouter.AppHost.Topology;

/// <summary>What stands behind the two resources that can be several things. It is chosen here and nowhere else.</summary>
/// <param name="Triton">Behind <c>triton</c>.</param>
/// <param name="Redis">Behind <c>redis</c>.</param>
/// <param name="Models">The model repository that Triton's container serves, if that was chosen.</param>
/// <param name="HasGpu">Whether Triton's container gets the GPUs.</param>
internal sealed record Backings(TritonBacking Triton, RedisBacking Redis, string? Models = null, bool HasGpu = false)
{
    private const string NeedsAspire = "needs Aspire, and the package feed has none";
    private const string NoRuntime = "needs a container runtime, and neither docker nor podman answers here";

    /// <summary>What the user asked for; without a wish containers where they can run, else our own processes. Or one sentence about
    /// why a wish cannot be met.</summary>
    /// <param name="options">The user's wishes.</param>
    /// <param name="machine">What can be run.</param>
    /// <param name="foundModels">A model repository that lies where one is looked for (<c>./models</c>), or null.</param>
    public static (Backings? Backings, string? Error) Choose(LaunchOptions options, Machine machine, string? foundModels)
    {
        if (Obstacle(options, machine, options.Models ?? foundModels) is { } obstacle)
        {
            return (null, obstacle);
        }

        var models = options.Models ?? foundModels;
        var redis = options.RedisBacking
            ?? (machine.ContainerRuntime is null ? RedisBacking.Embedded : RedisBacking.Container);
        var triton = options.TritonBacking
            ?? (machine is { ContainerRuntime: not null, HasGpu: true } && models is not null
                ? TritonBacking.Container
                : TritonBacking.Simulator);
        return triton == TritonBacking.Container
            ? (new Backings(triton, redis, models, machine.HasGpu), null)
            : (new Backings(triton, redis), null);
    }

    private static string? Obstacle(LaunchOptions options, Machine machine, string? models) => (options, machine) switch
    {
        ({ Models: not null, TritonBacking: TritonBacking.Simulator or TritonBacking.External }, _) =>
            "--models is what Triton's container serves, and --triton asks for something else",
        ({ TritonBacking: TritonBacking.Container }, { HasAspire: false }) =>
            $"--triton container {NeedsAspire}; start Triton yourself and give --triton URL",
        ({ Models: not null }, { HasAspire: false }) =>
            $"--models is what Triton's container serves, which {NeedsAspire}; start Triton yourself and give --triton URL",
        ({ RedisBacking: RedisBacking.Container }, { HasAspire: false }) =>
            $"--redis container {NeedsAspire}; start Redis yourself and give --redis CONNECTION",
        ({ TritonBacking: TritonBacking.Container }, { ContainerRuntime: null }) => $"--triton container {NoRuntime}",
        ({ RedisBacking: RedisBacking.Container }, { ContainerRuntime: null }) => $"--redis container {NoRuntime}",
        ({ Models: not null }, { ContainerRuntime: null }) => $"--models is what Triton's container serves, which {NoRuntime}",
        ({ TritonBacking: TritonBacking.Container }, _) when models is null =>
            "--triton container needs a model repository: give --models DIR",
        ({ Models: not null, TritonBacking: null }, { HasGpu: false }) =>
            "--models is what Triton's container serves, and nvidia-smi finds no GPU here; "
            + "--triton container runs it on the CPU all the same",
        _ => null,
    };
}
