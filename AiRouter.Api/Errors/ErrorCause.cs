namespace AiRouter.Api.Errors;

/// <summary>
/// Why a request got no (whole) answer. What each means to the client (status, type, code, retry) stands in
/// <see cref="ErrorTable"/> and nowhere else.
/// </summary>
internal enum ErrorCause
{
    /// <summary>The body is not what the operation takes: JSON, types, ranges, missing members.</summary>
    InvalidRequest,

    /// <summary>A parameter that the backend cannot do (R11).</summary>
    UnsupportedParameter,

    /// <summary>The backend's kind cannot do the operation at all (R22).</summary>
    UnsupportedOperation,

    /// <summary>Prompt and token limit together are more than the model takes (R17).</summary>
    ContextLengthExceeded,

    /// <summary>No client key where one is needed.</summary>
    MissingKey,

    /// <summary>A client key that is unknown, expired or switched off.</summary>
    InvalidKey,

    /// <summary>The key may not use the model.</summary>
    ModelNotAllowed,

    /// <summary>The key may not use the operation.</summary>
    OperationNotAllowed,

    /// <summary>More requests in a minute than a limit allows.</summary>
    RequestRateExceeded,

    /// <summary>More tokens in a minute than a limit allows.</summary>
    TokenRateExceeded,

    /// <summary>More requests at the same time than a limit allows.</summary>
    ConcurrencyExceeded,

    /// <summary>The model has all its places taken, and as many requests waiting as may.</summary>
    QueueFull,

    /// <summary>The request has waited for a place for as long as it may.</summary>
    QueueTimeout,

    /// <summary>A budget does not cover the request.</summary>
    BudgetExceeded,

    /// <summary>A budget covers a model that has no price (R33).</summary>
    ModelUnpriced,

    /// <summary>The store is away, and without it nothing that has limits may be used.</summary>
    LimitsUnavailable,

    /// <summary>Nobody serves the model.</summary>
    ModelNotFound,

    /// <summary>The path is not one of the API's.</summary>
    UnknownUrl,

    /// <summary>A stored object that is not there, or not this key's (R5).</summary>
    ObjectNotFound,

    /// <summary>The store that knows whose a stored object is does not answer (R5).</summary>
    ObjectsUnknown,

    /// <summary>The path does not take the method.</summary>
    MethodNotAllowed,

    /// <summary>The body is larger than the limit.</summary>
    BodyTooLarge,

    /// <summary>The body's content type is not one that the operation takes.</summary>
    UnsupportedMediaType,

    /// <summary>The client was too slow to send its body.</summary>
    RequestTimeout,

    /// <summary>An API of OpenAI's that this router does not serve (yet).</summary>
    NotImplemented,

    /// <summary>The router has no room for the body now (R31).</summary>
    OutOfBuffers,

    /// <summary>There is no configuration yet.</summary>
    NotConfigured,

    /// <summary>The router is shutting down.</summary>
    Draining,

    /// <summary>The backend refused the connection, or closed it before an answer.</summary>
    BackendUnreachable,

    /// <summary>The backend did not answer in time.</summary>
    BackendTimeout,

    /// <summary>The backend says that it has too much to do.</summary>
    BackendOverloaded,

    /// <summary>The backend is up, but not ready to serve the model.</summary>
    BackendUnavailable,

    /// <summary>The backend refused our credential or does not know our model: the operator's fault (R24).</summary>
    BackendMisconfigured,

    /// <summary>Our credential's quota at the backend is used up (R24).</summary>
    BackendQuota,

    /// <summary>The backend answered with an error of the request's; its status and text pass.</summary>
    BackendRejected,

    /// <summary>The backend answered with an error of its own.</summary>
    BackendError,

    /// <summary>The backend's answer is not what its protocol says.</summary>
    BackendProtocol,

    /// <summary>The backend's answer ended before it was whole.</summary>
    BackendStreamBroken,

    /// <summary>The model's chat template fails on the request: the operator's fault.</summary>
    PromptFormatFailed,

    /// <summary>The client went away: nobody is there to be told.</summary>
    ClientGone,

    /// <summary>A bug of the router's.</summary>
    Internal,
}
