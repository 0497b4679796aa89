namespace AiRouter.Triton;

/// <summary>Why a call to Triton failed. The caller's own table maps these to status, error type and retry.</summary>
public enum TritonFailureKind
{
    /// <summary>No connection: name not resolved, refused, TLS not agreed.</summary>
    Unreachable,

    /// <summary>No connection within <see cref="TritonClientOptions.ConnectTimeout"/>.</summary>
    ConnectTimeout,

    /// <summary>Nothing came within <see cref="TritonClientOptions.FirstResponseTimeout"/>.</summary>
    FirstResponseTimeout,

    /// <summary>The answer stopped for <see cref="TritonClientOptions.IdleTimeout"/>.</summary>
    IdleTimeout,

    /// <summary>The call took longer than <see cref="TritonClientOptions.TotalTimeout"/>.</summary>
    DeadlineExceeded,

    /// <summary>The stream or the connection broke off after the request was sent.</summary>
    Reset,

    /// <summary>The server has no such model (or version).</summary>
    ModelNotFound,

    /// <summary>The server knows the model, but it is not loaded.</summary>
    ModelNotReady,

    /// <summary>Prompt and tokens asked for do not fit the model.</summary>
    ContextLengthExceeded,

    /// <summary>The model's inputs are not what its configuration said when it was last read.</summary>
    ContractMismatch,

    /// <summary>The server's queue is full, or the request waited there for too long.</summary>
    Overloaded,

    /// <summary>The server is stopping, not ready, or its engine is unhealthy.</summary>
    Unavailable,

    /// <summary>The model cannot do what was asked (see <see cref="TritonFailure.Parameter"/>).</summary>
    Unsupported,

    /// <summary>A value of the request was refused, by us or by the model (a LoRA adapter, a range).</summary>
    InvalidRequest,

    /// <summary>The caller cancelled, or the server says that it did.</summary>
    Cancelled,

    /// <summary>The server's message is not what the protocol says.</summary>
    Malformed,

    /// <summary>A message is larger than <see cref="TritonClientOptions.MaxMessageBytes"/>.</summary>
    MessageTooLarge,

    /// <summary>The server does not know the call: it is no Triton, or something else listens at the address.</summary>
    NoTriton,

    /// <summary>The server wants credentials that it did not get.</summary>
    Unauthenticated,

    /// <summary>Anything else; never a reason to call the server broken (R25).</summary>
    Unclassified,
}
