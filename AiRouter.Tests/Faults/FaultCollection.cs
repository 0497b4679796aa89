namespace AiRouter.Tests.Faults;

/// <summary>The fault table runs when all other tests are done: its rows run several at a time already.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class FaultCollection
{
    /// <summary>The collection.</summary>
    public const string Name = "Faults";
}
