using Grpc.Core;

namespace AiRouter.TritonSimulator.Validation;

/// <summary>Why a request was refused: the status of a unary call, and the text, which is all that a stream shows.</summary>
internal sealed record RequestError(StatusCode Code, string Message)
{
    public static RequestError Invalid(string message)
    {
        return new RequestError(StatusCode.InvalidArgument, message);
    }
}
