namespace AiRouter.Api.Sockets;

/// <summary>Why a session ended.</summary>
internal enum SessionEnd
{
    /// <summary>The client has closed it.</summary>
    ClientClosed,

    /// <summary>The backend has closed it.</summary>
    BackendClosed,

    /// <summary>The client's connection broke off.</summary>
    ClientGone,

    /// <summary>The backend's connection broke off.</summary>
    BackendGone,

    /// <summary>It has lasted as long as one may.</summary>
    TimeOver,

    /// <summary>Neither side has sent anything for as long as that may be.</summary>
    Silent,

    /// <summary>The sides have sent as much as they may.</summary>
    TooMuch,

    /// <summary>The client's key does not work any more (R45).</summary>
    KeyEnded,

    /// <summary>The router stops.</summary>
    Draining,

    /// <summary>The router stops, and nothing is under way.</summary>
    Stopping,

    /// <summary>The backend did not answer a turn in time, and what it may still say cannot be told from the next turn's.</summary>
    BackendSlow,

    /// <summary>The client asked for what is not served over a WebSocket, and has been told.</summary>
    Unserved,

    /// <summary>A reload has changed the backend: the next turn needs another connection.</summary>
    BackendChanged,
}
