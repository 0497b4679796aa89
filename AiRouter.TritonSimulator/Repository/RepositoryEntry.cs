using AiRouter.TritonSimulator.Models;

namespace AiRouter.TritonSimulator.Repository;

/// <summary>A model in the repository, loaded or not.</summary>
internal sealed class RepositoryEntry(ISimulatedModel model, bool loaded)
{
    private int _loaded = loaded ? 1 : 0;

    public ISimulatedModel Model { get; } = model;

    public ModelCounters Counters { get; } = new();

    public bool Loaded
    {
        get => Volatile.Read(ref _loaded) != 0;
        set => Volatile.Write(ref _loaded, value ? 1 : 0);
    }
}
