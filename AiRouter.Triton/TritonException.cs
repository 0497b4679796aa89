namespace AiRouter.Triton;

/// <summary>
/// A failed call outside a stream: <see cref="TritonClient.GetModelAsync"/>, <see
/// cref="TritonClient.ListModelsAsync"/>.
/// </summary>
public sealed class TritonException : Exception
{
    /// <summary>Makes the exception for a failure.</summary>
    public TritonException(TritonFailure failure)
        : base($"Triton call failed: {failure.Kind}.")
    {
        Failure = failure;
    }

    /// <summary>Makes the exception for a failure that another exception caused.</summary>
    public TritonException(TritonFailure failure, Exception innerException)
        : base($"Triton call failed: {failure.Kind}.", innerException)
    {
        Failure = failure;
    }

    /// <summary>What went wrong.</summary>
    public TritonFailure Failure { get; }
}
