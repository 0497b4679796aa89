namespace AiRouter.Api.Realtime;

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
}
