namespace AiRouter.Admin.Management.Playground.Samples;

/// <summary>Where examples take a client key from: never one of ours.</summary>
internal static class SampleKey
{
    /// <summary>The variable.</summary>
    public const string Variable = "AIROUTER_KEY";
}
