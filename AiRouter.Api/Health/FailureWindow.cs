namespace AiRouter.Api.Health;

/// <summary>
/// How many of the requests that ended lately failed. Time is cut into tenths of the window, so what is forgotten is between nine and
/// ten tenths of a window old. Not for several threads at once.
/// </summary>
internal sealed class FailureWindow(TimeSpan length)
{
    /// <summary>Parts of a window.</summary>
    internal const int Parts = 10;

    private readonly Part[] _parts = new Part[Parts];

    /// <summary>One more has ended.</summary>
    public void Add(TimeSpan now, bool hasFailed)
    {
        var number = NumberAt(now);
        ref var part = ref _parts[(int)(number % Parts)];
        if (part.Number != number)
        {
            part = new Part { Number = number };
        }

        part.Total++;
        part.Failed += hasFailed ? 1 : 0;
    }

    /// <summary>Those of the last window.</summary>
    public (int Total, int Failed) CountAt(TimeSpan now)
    {
        var number = NumberAt(now);
        var (total, failed) = (0, 0);
        foreach (var part in _parts)
        {
            if (part.Number > number - Parts && part.Number <= number)
            {
                total += part.Total;
                failed += part.Failed;
            }
        }

        return (total, failed);
    }

    /// <summary>Begins anew.</summary>
    public void Clear() => Array.Clear(_parts);

    private long NumberAt(TimeSpan now) => now.Ticks / (length.Ticks / Parts);

    private struct Part
    {
        public long Number;
        public int Total;
        public int Failed;
    }
}
