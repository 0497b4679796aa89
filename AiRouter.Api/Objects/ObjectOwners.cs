using System.Collections.Concurrent;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Objects;

/// <summary>
/// Whose the objects are that backends keep (files, batches, stored responses, …), and where (R5). In memory and bounded: the
/// oldest are forgotten first, all of them at a restart. What is not remembered does not exist for a client that has a key.
/// </summary>
internal sealed class ObjectOwners
{
    /// <summary>The most that are remembered.</summary>
    public const int Capacity = 100_000;

    private readonly ConcurrentDictionary<string, OwnedObject> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = [];

    /// <summary>The object, or null.</summary>
    public OwnedObject? Find(string id) => _objects.GetValueOrDefault(id);

    /// <summary>Whether <paramref name="client"/> may know of the object.</summary>
    public bool IsOwnedBy(string id, ClientKey? client) => Find(id) is { } known && known.Owner == client?.Name;

    /// <summary>Remembers an object that has just been made; the first owner stays.</summary>
    public void Add(string id, OwnedObject made)
    {
        if (!_objects.TryAdd(id, made))
        {
            return;
        }

        _order.Enqueue(id);
        while (_objects.Count > Capacity && _order.TryDequeue(out var oldest))
        {
            _objects.TryRemove(oldest, out _);
        }
    }
}

/// <summary>An object that a backend keeps.</summary>
/// <param name="Owner">The name of the key that made it; null: made without a key.</param>
/// <param name="Backend">The backend that keeps it.</param>
/// <param name="Model">The public name of the model that made it, if one did.</param>
internal sealed record OwnedObject(string? Owner, string Backend, string? Model);
