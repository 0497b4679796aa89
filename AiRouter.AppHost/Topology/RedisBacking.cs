namespace AiRouter.AppHost.Topology;

/// <summary>What answers as the resource <c>redis</c>.</summary>
internal enum RedisBacking
{
    /// <summary>The embedded store, a process like the router.</summary>
    Embedded,

    /// <summary>A Redis that runs somewhere already.</summary>
    External,

    /// <summary>Redis in a container.</summary>
    Container,
}
