namespace AiRouter.Triton.Models;

/// <summary>A model as the server's repository index has it, loaded or not.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Versions">Its versions; empty when the server has never loaded it.</param>
public sealed record RepositoryEntry(string Name, IReadOnlyList<RepositoryVersion> Versions)
{
    /// <summary>What the server calls a version that can be called.</summary>
    public const string Ready = "READY";

    /// <summary>Whether some version is loaded and can be called.</summary>
    public bool IsReady => Versions.Any(static v => v.State == Ready);

    /// <summary>Whether some version is being loaded or unloaded.</summary>
    public bool IsChanging => Versions.Any(static v => v.State is "LOADING" or "UNLOADING");
}

/// <summary>One version of a model.</summary>
/// <param name="Version">Its number, as the server writes it.</param>
/// <param name="State"><c>READY</c>, <c>LOADING</c>, <c>UNLOADING</c> or <c>UNAVAILABLE</c>.</param>
/// <param name="Reason">Why it is not ready, in the server's words; empty: it does not say.</param>
public sealed record RepositoryVersion(string Version, string State, string Reason);
