namespace AiRouter.Api.Backends;

/// <summary>Counts users of something that ends with its last one; starts with one use, its owner's.</summary>
internal sealed class UseCount
{
    private int _uses = 1;

    /// <summary>One use more; false when the last one has gone already.</summary>
    public bool TryEnter()
    {
        while (true)
        {
            var uses = Volatile.Read(ref _uses);
            if (uses == 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _uses, uses + 1, uses) == uses)
            {
                return true;
            }
        }
    }

    /// <summary>One use less; true for the caller that ended it.</summary>
    public bool Leave() => Interlocked.Decrement(ref _uses) == 0;
}
