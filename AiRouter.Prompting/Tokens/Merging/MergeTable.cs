using System.Numerics;

namespace AiRouter.Prompting.Tokens.Merging;

/// <summary>
/// The merges of a byte-pair encoding by pair of symbols. Filled once, then read by all requests. Open addressing in two flat
/// arrays: a vocabulary of 128,000 tokens has 280,000 merges, and each piece of a text asks for a dozen pairs.
/// </summary>
internal sealed class MergeTable
{
    private const ulong Free = ulong.MaxValue;

    private readonly ulong[] _pairs;
    private readonly Merge[] _merges;
    private readonly int _shift;

    /// <summary>Makes room.</summary>
    /// <param name="count">How many merges at most.</param>
    public MergeTable(int count)
    {
        var size = Math.Max(16, (int)BitOperations.RoundUpToPowerOf2((uint)count * 3 / 2));
        _pairs = new ulong[size];
        _pairs.AsSpan().Fill(Free);
        _merges = new Merge[size];
        _shift = 64 - BitOperations.Log2((uint)size);
    }

    /// <summary>Adds a merge; one of the same pair is replaced.</summary>
    public void Add(int left, int right, Merge merge)
    {
        var slot = SlotOf(Pair(left, right));
        (_pairs[slot], _merges[slot]) = (Pair(left, right), merge);
    }

    /// <summary>What the two become. Symbols below 0 never merge.</summary>
    public Merge Find(int left, int right)
    {
        if ((left | right) < 0)
        {
            return Merge.None;
        }

        var pair = Pair(left, right);
        var slot = SlotOf(pair);
        return _pairs[slot] == pair ? _merges[slot] : Merge.None;
    }

    private static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    /// <summary>The pair's slot, or the free one where it belongs.</summary>
    private int SlotOf(ulong pair)
    {
        // Fibonacci hashing: the high bits of the product depend on all bits of both symbols.
        var slot = (int)((pair * 0x9E3779B97F4A7C15) >> _shift);
        while (_pairs[slot] != pair && _pairs[slot] != Free)
        {
            slot = (slot + 1) & (_pairs.Length - 1);
        }

        return slot;
    }
}
