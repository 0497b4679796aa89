using System.Globalization;

namespace AiRouter.Benchmarks.Processes;

/// <summary>Some cores of the machine.</summary>
/// <param name="Text">As <c>taskset -c</c> reads them: <c>0</c>, <c>0-1</c>, <c>0,2</c>.</param>
internal sealed record CoreSet(string Text)
{
    /// <summary>One bit for each.</summary>
    public ulong Mask { get; } = Text.Split(',').Aggregate(0UL, static (mask, part) => mask | Range(part));

    /// <summary>How many there are.</summary>
    public int Count => System.Numerics.BitOperations.PopCount(Mask);

    private static ulong Range(string part)
    {
        var ends = part.Split('-').Select(static end => int.Parse(end, CultureInfo.InvariantCulture)).ToList();
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1).Aggregate(0UL, static (mask, core) => mask | (1UL << core));
    }
}
