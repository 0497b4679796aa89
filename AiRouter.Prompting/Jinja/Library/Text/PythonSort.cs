using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>
/// Python's <c>sorted</c>: stable, by <c>&lt;</c> alone, so that what cannot be compared is Python's error. (.NET's
/// sorts are neither stable nor do they let an exception through as it is.)
/// </summary>
internal static class PythonSort
{
    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public delegate bool Before(in JinjaValue left, in JinjaValue right, JinjaRun run);

    /// <summary>Sorts <paramref name="items"/> by <paramref name="keys"/>; both are put in order.</summary>
    /// <exception cref="JinjaValueException">Two keys cannot be compared.</exception>
    public static void Sort<T>(JinjaValue[] keys, T[] items, bool isReversed, JinjaRun run, Before? before = null)
    {
        if (keys.Length < 2)
        {
            return;
        }

        run.Reserve(keys.Length * 2L);
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Merge(order, new int[order.Length], 0, order.Length, keys, isReversed, before ?? Comparison.IsLess, run);
        var (oldKeys, oldItems) = ((JinjaValue[])keys.Clone(), (T[])items.Clone());
        for (var i = 0; i < order.Length; i++)
        {
            keys[i] = oldKeys[order[i]];
            items[i] = oldItems[order[i]];
        }
    }

    private static void Merge(
        int[] order, int[] buffer, int start, int end, JinjaValue[] keys, bool isReversed, Before before, JinjaRun run)
    {
        if (end - start < 2)
        {
            return;
        }

        var middle = start + ((end - start) / 2);
        Merge(order, buffer, start, middle, keys, isReversed, before, run);
        Merge(order, buffer, middle, end, keys, isReversed, before, run);
        Array.Copy(order, start, buffer, start, end - start);
        var (left, right) = (start, middle);
        for (var i = start; i < end; i++)
        {
            // Equal ones keep their order, reversed or not.
            var takesRight = left >= middle || (right < end &&
                (isReversed
                    ? before(keys[buffer[left]], keys[buffer[right]], run)
                    : before(keys[buffer[right]], keys[buffer[left]], run)));
            order[i] = buffer[takesRight ? right++ : left++];
        }
    }
}
