using System.Collections.Frozen;
using AiRouter.Api.Errors;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton;

/// <summary>
/// The one table from failures of Triton to ours (R24, R25, <c>triton.md</c> §2). Messages are our own: what the server said
/// names models, hosts and prompts, and goes to the Trace log only (R39).
/// </summary>
internal static class TritonErrors
{
    private static readonly FrozenDictionary<TritonFailureKind, ApiError> Table =
        new Dictionary<TritonFailureKind, ApiError>
        {
            [TritonFailureKind.Unreachable] = new(ErrorCause.BackendUnreachable, "The backend cannot be reached."),
            [TritonFailureKind.ConnectTimeout] = new(ErrorCause.BackendUnreachable, "The backend cannot be reached."),
            [TritonFailureKind.FirstResponseTimeout] = new(ErrorCause.BackendTimeout, "The backend did not answer in time."),
            [TritonFailureKind.IdleTimeout] = new(ErrorCause.BackendTimeout, "The backend stopped answering."),
            [TritonFailureKind.DeadlineExceeded] = new(ErrorCause.BackendTimeout, "The backend took too long."),
            [TritonFailureKind.Reset] = new(ErrorCause.BackendStreamBroken, "The backend's answer broke off."),
            [TritonFailureKind.ModelNotFound] =
                new(ErrorCause.BackendMisconfigured, "The backend does not have the model that it is configured for."),
            [TritonFailureKind.ModelNotReady] = new(ErrorCause.BackendUnavailable, "The model is not loaded at its backend."),
            [TritonFailureKind.ContextLengthExceeded] = new(
                ErrorCause.ContextLengthExceeded,
                TooLongMessage.Of(null)),
            [TritonFailureKind.ContractMismatch] =
                new(ErrorCause.BackendProtocol, "The backend's model does not take what its configuration says."),
            [TritonFailureKind.Overloaded] = new(ErrorCause.BackendOverloaded, "The backend has too much to do."),
            [TritonFailureKind.Unavailable] = new(ErrorCause.BackendUnavailable, "The backend is not ready."),
            [TritonFailureKind.Unsupported] =
                new(ErrorCause.UnsupportedParameter, "The model cannot do what the request asks for."),
            [TritonFailureKind.InvalidRequest] = new(ErrorCause.InvalidRequest, "The model refused a value of the request."),
            [TritonFailureKind.Cancelled] = new(ErrorCause.BackendStreamBroken, "The backend gave the request up."),
            [TritonFailureKind.Malformed] = new(ErrorCause.BackendProtocol, "The backend's answer cannot be read."),
            [TritonFailureKind.MessageTooLarge] =
                new(ErrorCause.BackendProtocol, "A message to or from the backend is larger than the configured limit."),
            [TritonFailureKind.NoTriton] =
                new(ErrorCause.BackendMisconfigured, "What answers at the backend's address is no Triton server."),
            [TritonFailureKind.Unauthenticated] =
                new(ErrorCause.BackendMisconfigured, "The backend refused the router's credentials."),
            [TritonFailureKind.Unclassified] = new(ErrorCause.BackendError, "The backend failed to answer."),
        }.ToFrozenDictionary();

    /// <summary>Nobody is there to be told.</summary>
    public static readonly ApiError ClientGone = new(ErrorCause.ClientGone, "The client closed the connection.");

    /// <summary>What a failure means to the client.</summary>
    public static ApiError Of(TritonFailure failure)
    {
        var error = Table[failure.Kind] with { Stage = StageOf(failure.Kind), Detail = failure.Detail };
        if (failure.Kind == TritonFailureKind.ContextLengthExceeded)
        {
            return error with { Message = TooLongMessage.Of(failure.Detail) };
        }

        return failure.Parameter switch
        {
            null => error,
            // The adapter comes from the configuration (R19).
            GenerationParameter.Lora => new ApiError(
                ErrorCause.BackendMisconfigured, "The backend does not have the LoRA adapter that the model is configured for.")
            {
                Stage = AttemptStage.Answered,
                Detail = failure.Detail,
            },
            { } parameter => error with { Param = ModelSupport.NameOf(parameter) },
        };
    }

    /// <summary>
    /// How far the call had come. A connection that is refused a stream (GOAWAY) counts as an answer: Triton has no request that
    /// may not be done twice.
    /// </summary>
    private static AttemptStage StageOf(TritonFailureKind kind) => kind switch
    {
        TritonFailureKind.Unreachable or TritonFailureKind.ConnectTimeout => AttemptStage.Connecting,
        TritonFailureKind.Reset or TritonFailureKind.FirstResponseTimeout or TritonFailureKind.IdleTimeout or
            TritonFailureKind.DeadlineExceeded => AttemptStage.Sent,
        _ => AttemptStage.Answered,
    };
}
