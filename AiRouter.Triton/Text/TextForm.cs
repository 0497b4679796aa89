namespace AiRouter.Triton.Text;

/// <summary>What the texts of successive responses are.</summary>
internal enum TextForm
{
    /// <summary>What is new.</summary>
    Delta,

    /// <summary>All so far.</summary>
    Cumulative,

    /// <summary>All so far in some releases of the model, what is new in others; the texts themselves tell.</summary>
    Detect,
}
