namespace AiRouter.Admin.Management;

/// <summary>A record with a version of its own, which its ETag says.</summary>
public interface IVersioned
{
    /// <summary>Grows by one with each change; what If-Match compares.</summary>
    long Version { get; }
}
