using AiRouter.AppHost.Machines;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;

namespace AiRouter.Tests.AppHost;

/// <summary>The one place where it is chosen what stands behind <c>triton</c> and <c>redis</c>.</summary>
public sealed class BackingsTests
{
    private static readonly Machine _bare = new(HasAspire: true, null, HasGpu: false);
    private static readonly Machine _docker = new(HasAspire: true, "docker", HasGpu: false);
    private static readonly Machine _gpu = new(HasAspire: true, "docker", HasGpu: true);

    [Fact]
    public void Without_wishes_containers_are_taken_where_they_can_run()
    {
        var processes = new Backings(TritonBacking.Simulator, RedisBacking.Embedded);

        Assert.Equal(processes, Choice(new LaunchOptions(), Machine.WithoutAspire, "/models"));
        Assert.Equal(processes, Choice(new LaunchOptions(), _bare, "/models"));
        Assert.Equal(processes, Choice(new LaunchOptions(), _bare with { HasGpu = true }, "/models"));
        Assert.Equal(processes with { Redis = RedisBacking.Container }, Choice(new LaunchOptions(), _docker, "/models"));
        Assert.Equal(processes with { Redis = RedisBacking.Container }, Choice(new LaunchOptions(), _gpu, null));
        Assert.Equal(
            new Backings(TritonBacking.Container, RedisBacking.Container, "/models", HasGpu: true),
            Choice(new LaunchOptions(), _gpu, "/models"));
    }

    [Fact]
    public void Wishes_come_before_what_the_machine_could_do()
    {
        var options = new LaunchOptions { TritonBacking = TritonBacking.Simulator, RedisBacking = RedisBacking.Embedded };

        Assert.Equal(new Backings(TritonBacking.Simulator, RedisBacking.Embedded), Choice(options, _gpu, "/models"));
        Assert.Equal(
            new Backings(TritonBacking.External, RedisBacking.External),
            Choice(
                new LaunchOptions { TritonBacking = TritonBacking.External, RedisBacking = RedisBacking.External },
                _gpu,
                "/models"));
    }

    [Fact]
    public void Models_that_were_named_come_before_those_that_were_found() => Assert.Equal(
        "/named", Choice(new LaunchOptions { Models = "/named" }, _gpu, "/found").Models);

    [Fact]
    public void Container_that_was_asked_for_runs_without_a_GPU_too() => Assert.Equal(
        new Backings(TritonBacking.Container, RedisBacking.Container, "/models"),
        Choice(new LaunchOptions { TritonBacking = TritonBacking.Container }, _docker, "/models"));

    [Theory]
    [InlineData(
        "--triton container needs Aspire, and the package feed has none; start Triton yourself and give --triton URL",
        "--triton=container")]
    [InlineData(
        "--redis container needs Aspire, and the package feed has none; start Redis yourself and give --redis CONNECTION",
        "--redis=container")]
    [InlineData(
        "--models is what Triton's container serves, which needs Aspire, and the package feed has none; "
        + "start Triton yourself and give --triton URL",
        "--models=/")]
    public void Containers_without_Aspire_are_refused_in_one_sentence(string expected, params string[] args) =>
        Assert.Equal(expected, Refusal(args, Machine.WithoutAspire));

    [Theory]
    [InlineData(
        "--triton container needs a container runtime, and neither docker nor podman answers here", "--triton=container")]
    [InlineData("--redis container needs a container runtime, and neither docker nor podman answers here", "--redis=container")]
    [InlineData(
        "--models is what Triton's container serves, which needs a container runtime, and neither docker nor podman answers here",
        "--models=/")]
    public void Containers_without_a_runtime_are_refused_in_one_sentence(string expected, params string[] args) =>
        Assert.Equal(expected, Refusal(args, _bare));

    [Theory]
    [InlineData("--triton container needs a model repository: give --models DIR", "--triton=container")]
    [InlineData("--models is what Triton's container serves, and --triton asks for something else", "--models=/", "--triton=gpu-1")]
    [InlineData(
        "--models is what Triton's container serves, and nvidia-smi finds no GPU here; "
        + "--triton container runs it on the CPU all the same",
        "--models=/")]
    public void Wishes_that_contradict_each_other_or_the_machine_are_refused(string expected, params string[] args) =>
        Assert.Equal(expected, Refusal(args, _docker));

    private static Backings Choice(LaunchOptions options, Machine machine, string? foundModels)
    {
        var (backings, error) = Backings.Choose(options, machine, foundModels);
        Assert.Null(error);
        return backings!;
    }

    private static string? Refusal(string[] args, Machine machine)
    {
        var (options, error) = CommandLine.Parse(args);
        Assert.Null(error);
        var (backings, refusal) = Backings.Choose(options!, machine, foundModels: null);
        Assert.Null(backings);
        return refusal;
    }
}
