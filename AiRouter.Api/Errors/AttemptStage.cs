namespace AiRouter.Api.Errors;

/// <summary>How far an attempt had come when it failed: what may be tried again hangs on it (R25, R26).</summary>
internal enum AttemptStage
{
    /// <summary>The router refused the request itself: no backend was asked. Also while nobody has said how far it came.</summary>
    None,

    /// <summary>No connection could be made: nothing of the request has left.</summary>
    Connecting,

    /// <summary>The request had been sent, or may have been.</summary>
    Sent,

    /// <summary>The backend answered: with this error, or with the beginning of an answer.</summary>
    Answered,
}
