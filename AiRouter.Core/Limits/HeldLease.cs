namespace AiRouter.Core.Limits;

/// <summary>What one reservation holds of one subject: only what was limited when it was admitted.</summary>
internal sealed class HeldLease
{
    /// <summary>Whose.</summary>
    public HeldReservation Reservation { get; set; } = HeldReservation.Settled;

    /// <summary>Places.</summary>
    public int Slots { get; init; }

    /// <summary>Tokens; null: they were not limited, and are not counted when it is settled either.</summary>
    public long? Tokens { get; init; }

    /// <summary>Billionths of a dollar; null: there was no budget.</summary>
    public long? NanoUsd { get; init; }

    /// <summary>When it expires unless it is renewed.</summary>
    public long End { get; set; }

    /// <summary>Where it is; null: it is settled, or expired over a minute ago.</summary>
    public LeaseList? List { get; set; }

    /// <summary>The one that ends before it.</summary>
    public HeldLease? Previous { get; set; }

    /// <summary>The one that ends after it.</summary>
    public HeldLease? Next { get; set; }
}
