namespace AiRouter.Triton;

/// <summary>Why a generation ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended it: end token or stop word.</summary>
    Stop,

    /// <summary>The token limit was reached.</summary>
    Length,
}
