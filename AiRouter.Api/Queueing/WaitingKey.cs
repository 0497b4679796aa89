namespace AiRouter.Api.Queueing;

/// <summary>A client key while requests of it wait; all of them go by its first.</summary>
/// <param name="id">Names the client key.</param>
/// <param name="number">Unlike all others.</param>
internal sealed class WaitingKey(string id, long number)
{
    /// <summary>Names the client key.</summary>
    public string Id => id;

    /// <summary>Unlike all others: an order among those that rise at the same time.</summary>
    public long Number => number;

    /// <summary>The priority of the client key, as it was when it was last seen.</summary>
    public int Priority { get; set; }

    /// <summary>Its requests, first come first.</summary>
    public LinkedList<Waiter> Waiters { get; } = [];

    /// <summary>
    /// The level at which it takes turns: its priority, and what its first request has gained by waiting.
    /// </summary>
    public int Level { get; set; }

    /// <summary>Where it stands among those of its level.</summary>
    public LinkedListNode<WaitingKey>? Turn { get; set; }

    /// <summary>When it goes up to the next level, as a timestamp.</summary>
    public long RisesAt { get; set; }

    /// <summary>Turns that it has to let pass: one turn is one place, and it took several at once.</summary>
    public int Owes { get; set; }
}
