namespace AiRouter.Core.Administration;

/// <summary>What an admin key may do (R44); each may do what those before it may.</summary>
public enum AdminRole
{
    /// <summary>Reads everything but admin keys and logged bodies.</summary>
    Viewer,

    /// <summary>Changes the configuration, client keys and limits.</summary>
    Editor,

    /// <summary>Changes admin keys and credentials of backends, and restores earlier configurations.</summary>
    Admin,
}
