namespace AiRouter.Core.Limits;

/// <summary>
/// Leases by their end. They are added with the latest end, so that each step costs the same however many there are.
/// </summary>
internal sealed class LeaseList
{
    /// <summary>The one that ends first.</summary>
    public HeldLease? First { get; private set; }

    /// <summary>The one that ends last.</summary>
    public HeldLease? Last { get; private set; }

    /// <summary>Adds one by its end.</summary>
    public void Add(HeldLease lease)
    {
        // Only after a clock went back there is one that ends later.
        var before = Last;
        while (before is not null && before.End > lease.End)
        {
            before = before.Previous;
        }

        var after = before is null ? First : before.Next;
        lease.List = this;
        lease.Previous = before;
        lease.Next = after;
        if (before is null)
        {
            First = lease;
        }
        else
        {
            before.Next = lease;
        }

        if (after is null)
        {
            Last = lease;
        }
        else
        {
            after.Previous = lease;
        }
    }

    /// <summary>Takes one out.</summary>
    public void Remove(HeldLease lease)
    {
        if (lease.Previous is null)
        {
            First = lease.Next;
        }
        else
        {
            lease.Previous.Next = lease.Next;
        }

        if (lease.Next is null)
        {
            Last = lease.Previous;
        }
        else
        {
            lease.Next.Previous = lease.Previous;
        }

        lease.List = null;
        lease.Previous = null;
        lease.Next = null;
    }

    /// <summary>Lets none end later than that.</summary>
    public void Limit(long end)
    {
        for (var lease = Last; lease is not null && lease.End > end; lease = lease.Previous)
        {
            lease.End = end;
        }
    }
}
