namespace AiRouter.AppHost.Machines;

/// <summary>What can be run here.</summary>
/// <param name="HasAspire">Whether this is the form of the AppHost that has containers at all.</param>
/// <param name="ContainerRuntime">The program that runs them, when it answers: <c>docker</c> or <c>podman</c>.</param>
/// <param name="HasGpu">Whether there is a GPU of NVIDIA's.</param>
internal sealed record Machine(bool HasAspire, string? ContainerRuntime, bool HasGpu)
{
    /// <summary>The form without Aspire: processes only, whatever else is installed.</summary>
    public static Machine WithoutAspire { get; } = new(HasAspire: false, null, HasGpu: false);
}
