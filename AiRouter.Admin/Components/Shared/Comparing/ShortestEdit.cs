namespace AiRouter.Admin.Components.Shared.Comparing;

/// <summary>The fewest items to take from one sequence and to put in, so that it becomes another.</summary>
/// <param name="before">The one.</param>
/// <param name="after">The other.</param>
/// <param name="steps">How many diagonals may be walked; what is left then counts as wholly different.</param>
internal sealed class ShortestEdit(int[] before, int[] after, long steps)
{
    // How far each diagonal was reached, from the beginning and from the end. A search ends before the next begins: they share these.
    private readonly int[] _fromStart = new int[before.Length + after.Length + 3];
    private readonly int[] _fromEnd = new int[before.Length + after.Length + 3];
    private long _steps = steps;

    /// <summary>By index of the first: whether it goes.</summary>
    public bool[] Removed { get; } = new bool[before.Length];

    /// <summary>By index of the second: whether it comes.</summary>
    public bool[] Added { get; } = new bool[after.Length];

    /// <summary>Fills <see cref="Removed"/> and <see cref="Added"/>.</summary>
    public void Find() => Find(new Box(0, before.Length, 0, after.Length));

    // Halves the distance each time: never deeper than its logarithm.
    private void Find(Box box)
    {
        box = Trimmed(box);
        if (box.Width == 0 || box.Height == 0 || Middle(box) is not { } middle)
        {
            Removed.AsSpan(box.Left, box.Width).Fill(true);
            Added.AsSpan(box.Top, box.Height).Fill(true);
            return;
        }

        Find(box with { Right = middle.Left, Bottom = middle.Top });
        Find(box with { Left = middle.Right, Top = middle.Bottom });
    }

    private Box Trimmed(Box box)
    {
        var (left, right, top, bottom) = box;
        while (left < right && top < bottom && before[left] == after[top])
        {
            left++;
            top++;
        }

        while (left < right && top < bottom && before[right - 1] == after[bottom - 1])
        {
            right--;
            bottom--;
        }

        return new Box(left, right, top, bottom);
    }

    // Equal items in the middle of a shortest path through the box, perhaps none but a point; null: too far to look for.
    private Box? Middle(Box box)
    {
        var (n, m) = (box.Width, box.Height);
        var skew = n - m;
        Array.Clear(_fromStart, 0, n + m + 3);
        Array.Clear(_fromEnd, 0, n + m + 3);
        for (var distance = 0; distance <= (n + m + 1) / 2; distance++)
        {
            if ((_steps -= 2 * distance) < 0)
            {
                return null;
            }

            // Diagonals that have left the box are not walked.
            var (low, high) = (-(distance - (2 * Math.Max(0, distance - m))), distance - (2 * Math.Max(0, distance - n)));
            for (var k = low; k <= high; k += 2)
            {
                var (x0, x) = Walk(_fromStart, box, distance, k, isForward: true);
                if (skew % 2 != 0 && Math.Abs(skew - k) < distance && x + _fromEnd[skew - k + m + 1] >= n)
                {
                    return new Box(box.Left + x0, box.Left + x, box.Top + x0 - k, box.Top + x - k);
                }
            }

            for (var k = low; k <= high; k += 2)
            {
                var (x0, x) = Walk(_fromEnd, box, distance, k, isForward: false);
                if (skew % 2 == 0 && Math.Abs(skew - k) <= distance && x + _fromStart[skew - k + m + 1] >= n)
                {
                    return new Box(box.Right - x, box.Right - x0, box.Bottom - x + k, box.Bottom - x0 + k);
                }
            }
        }

        return null;
    }

    private (int From, int To) Walk(int[] reached, Box box, int distance, int k, bool isForward)
    {
        var at = k + box.Height + 1;
        var start = k == -distance || (k != distance && reached[at - 1] < reached[at + 1]) ? reached[at + 1] : reached[at - 1] + 1;
        var x = start;
        while (x < box.Width && x - k < box.Height && (isForward
            ? before[box.Left + x] == after[box.Top + x - k]
            : before[box.Right - 1 - x] == after[box.Bottom - 1 - x + k]))
        {
            x++;
        }

        _steps -= x - start;
        reached[at] = x;
        return (start, x);
    }

    /// <summary>A part of both sequences.</summary>
    private readonly record struct Box(int Left, int Right, int Top, int Bottom)
    {
        public int Width => Right - Left;

        public int Height => Bottom - Top;
    }
}
