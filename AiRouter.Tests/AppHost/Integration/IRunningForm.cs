namespace AiRouter.Tests.AppHost.Integration;

/// <summary>The AppHost in one of its two forms, with everything that it starts.</summary>
internal interface IRunningForm : IAsyncDisposable
{
    /// <summary>The key of the first admin.</summary>
    string AdminKey { get; }

    /// <summary>Waits until the AppHost itself says that a resource is healthy.</summary>
    Task IsHealthyAsync(string resource);
}
