namespace AiRouter.TritonSimulator.Recording;

/// <summary>How far a recorded request has come.</summary>
public enum RequestOutcome
{
    /// <summary>Tokens are being produced.</summary>
    Running,

    /// <summary>The whole answer was sent.</summary>
    Completed,

    /// <summary>Refused by validation, or ended by an error.</summary>
    Failed,

    /// <summary>The client cancelled, or went away.</summary>
    Cancelled,
}
