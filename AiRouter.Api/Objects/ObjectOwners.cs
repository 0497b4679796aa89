using System.Collections.Concurrent;
using AiRouter.Core.Keys;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Objects;

/// <summary>
/// Whose the objects are that backends keep (files, batches, stored responses, …), and where (R5). In memory and bounded: the oldest
/// are forgotten first. With a store all replicas know them, over restarts too: it is told behind, and asked for what is not in memory.
/// What is not remembered does not exist for a client that has a key.
/// </summary>
internal sealed class ObjectOwners(ObjectQueue queue, TimeProvider timeProvider, IStore? store = null)
{
    /// <summary>The most that are remembered in memory.</summary>
    public const int Capacity = 100_000;

    /// <summary>The most that a request asks the store for.</summary>
    private const int MostAsked = 1000;

    /// <summary>How long a use in memory may go untold: the store forgets what has not been used for <see cref="ObjectStore.Lifetime"/>.</summary>
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromDays(1);

    private readonly ObjectStore? _store = store is null ? null : new ObjectStore(store);
    private readonly ConcurrentDictionary<string, Known> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = [];

    /// <summary>The object, or null; of those in memory, where <see cref="TryLoadAsync"/> has put what the store knows.</summary>
    public OwnedObject? Find(string id)
    {
        if (!_objects.TryGetValue(id, out var known))
        {
            return null;
        }

        if (known.IsShared && timeProvider.GetElapsedTime(known.ToldAt) > RenewalInterval)
        {
            known.ToldAt = timeProvider.GetTimestamp();
            queue.Add(id, known.Object);
        }

        return known.Object;
    }

    /// <summary>Whether <paramref name="client"/> may know of the object.</summary>
    public bool IsOwnedBy(string id, ClientKey? client) => Find(id) is { } known && known.Owner == client?.Id;

    /// <summary>
    /// Asks the store for those of the objects that are not in memory. False: it is away, so that nobody can say whether those exist.
    /// </summary>
    public async ValueTask<bool> TryLoadAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        if (_store is null ||
            ids.Where(id => !_objects.ContainsKey(id)).Distinct(StringComparer.Ordinal).ToList() is not { Count: > 0 } missing)
        {
            return true;
        }

        try
        {
            foreach (var some in missing.Chunk(MostAsked))
            {
                var found = await _store.FindAsync(some, cancellationToken);
                for (var i = 0; i < some.Length; i++)
                {
                    if (found[i] is { } known)
                    {
                        // Told again with the first use, so that use counts.
                        TryAdd(some[i], new Known(known, isShared: true) { ToldAt = timeProvider.GetTimestamp() });
                        queue.Add(some[i], known);
                    }
                }
            }

            return true;
        }
        catch (StoreUnavailableException)
        {
            // The store has logged it.
            return false;
        }
    }

    /// <summary>Remembers an object that has just been made; the first owner stays.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="made">Whose it is, and where.</param>
    /// <param name="isShared">Whether the store is told; else it is known here only, until the next start.</param>
    public void Add(string id, OwnedObject made, bool isShared = true)
    {
        if (TryAdd(id, new Known(made, isShared) { ToldAt = timeProvider.GetTimestamp() }) && isShared)
        {
            queue.Add(id, made);
        }
    }

    /// <summary>Remembers an object before anybody is told of it, so that all replicas know it. False: the store is away.</summary>
    public async ValueTask<bool> TryShareAsync(string id, OwnedObject made, CancellationToken cancellationToken)
    {
        try
        {
            if (_store is not null)
            {
                await _store.RememberAsync(id, made, cancellationToken);
            }
        }
        catch (StoreUnavailableException)
        {
            // The store has logged it.
            return false;
        }

        TryAdd(id, new Known(made, isShared: _store is not null) { ToldAt = timeProvider.GetTimestamp() });
        return true;
    }

    private bool TryAdd(string id, Known known)
    {
        if (!_objects.TryAdd(id, known))
        {
            return false;
        }

        _order.Enqueue(id);
        while (_objects.Count > Capacity && _order.TryDequeue(out var oldest))
        {
            _objects.TryRemove(oldest, out _);
        }

        return true;
    }

    private sealed class Known(OwnedObject @object, bool isShared)
    {
        public OwnedObject Object => @object;

        public bool IsShared => isShared;

        /// <summary>When the store was told last.</summary>
        public long ToldAt { get; set; }
    }
}
