using AiRouter.TritonSimulator.Models;

namespace AiRouter.TritonSimulator.Repository;

/// <summary>A model in the repository, loaded or not.</summary>
internal sealed class RepositoryEntry(ISimulatedModel model, EntryState state)
{
    private int _state = (int)state;

    public ISimulatedModel Model { get; } = model;

    public ModelCounters Counters { get; } = new();

    public EntryState State
    {
        get => (EntryState)Volatile.Read(ref _state);
        set => Volatile.Write(ref _state, (int)value);
    }

    public bool Loaded
    {
        get => State == EntryState.Ready;
        set => State = value ? EntryState.Ready : EntryState.Unloaded;
    }
}

/// <summary>What has become of a model in the repository.</summary>
internal enum EntryState
{
    /// <summary>It was never loaded: the index knows its name only.</summary>
    Unseen,

    /// <summary>It is being loaded.</summary>
    Loading,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It was loaded once.</summary>
    Unloaded,

    /// <summary>It could not be loaded.</summary>
    Failed,
}
