namespace AiRouter.Admin.Components.Shared;

/// <summary>How something is.</summary>
public enum StatusKind
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Broken.</summary>
    Bad,

    /// <summary>Neither: off, unknown, none.</summary>
    Neutral,
}
