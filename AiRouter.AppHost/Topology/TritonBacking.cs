namespace AiRouter.AppHost.Topology;

/// <summary>What answers as the resource <c>triton</c>.</summary>
internal enum TritonBacking
{
    /// <summary>Our simulator, a process like the router: no GPU, no container.</summary>
    Simulator,

    /// <summary>A Triton that runs somewhere already.</summary>
    External,

    /// <summary>NVIDIA's container with a model repository of the user's.</summary>
    Container,
}
