namespace AiRouter.Core.Limits;

/// <summary>A reservation that was admitted and not settled yet.</summary>
/// <param name="id">Its id.</param>
/// <param name="admitted">When it was admitted.</param>
/// <param name="leases">What it holds of each of its subjects, in their order; null where it holds nothing.</param>
internal sealed class HeldReservation(string id, long admitted, HeldLease?[] leases)
{
    /// <summary>Stands for any that is settled, or holds nothing.</summary>
    public static readonly HeldReservation Settled = new("", 0, []);

    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>When it was admitted.</summary>
    public long Admitted => admitted;

    /// <summary>The day on which it was admitted.</summary>
    public long Day => BudgetPeriods.DayOf(admitted);

    /// <summary>What it holds of each of its subjects, in their order; null where it holds nothing.</summary>
    public HeldLease?[] Leases => leases;

    /// <summary>When one of its leases expired last.</summary>
    public long ExpiredAt { get; set; }

    /// <summary>Whether one of its leases has not expired.</summary>
    public bool IsHeld => Array.Exists(leases, lease => lease?.End > ExpiredAt);
}
