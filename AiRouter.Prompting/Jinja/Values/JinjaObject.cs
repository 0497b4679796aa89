namespace AiRouter.Prompting.Jinja.Values;

/// <summary>
/// A value with behaviour of its own: functions, macros, loops, namespaces, ranges, generators. There is no reflection:
/// a template can reach only what a subclass answers here.
/// </summary>
public abstract class JinjaObject
{
    /// <summary>
    /// Python's name of the type, with its module unless it is built in: <c>range</c>, <c>jinja2.utils.Namespace</c>.
    /// </summary>
    public abstract string TypeName { get; }

    /// <summary>Whether <see cref="Call"/> does something.</summary>
    public virtual bool IsCallable => false;

    /// <summary>Whether it has a length (Python's <c>len</c>).</summary>
    public virtual bool HasLength => false;

    /// <summary>Whether it can be iterated over.</summary>
    public virtual bool IsIterable => false;

    /// <summary>Whether it can be indexed (Python's <c>__getitem__</c>).</summary>
    public virtual bool IsSubscriptable => false;

    /// <summary>What it counts as in a condition.</summary>
    public virtual bool IsTrue => !HasLength || Length != 0;

    /// <summary>How many items it has; only where <see cref="HasLength"/>.</summary>
    public virtual long Length => 0;

    /// <summary>The attribute <paramref name="name"/>.</summary>
    public virtual bool TryGetAttribute(string name, JinjaRun run, out JinjaValue value)
    {
        value = default;
        return false;
    }

    /// <summary>The item under <paramref name="key"/>; false where Python raises a LookupError or TypeError.</summary>
    public virtual bool TryGetItem(in JinjaValue key, JinjaRun run, out JinjaValue value)
    {
        value = default;
        return false;
    }

    /// <summary>
    /// The items from <paramref name="start"/> to <paramref name="stop"/>; false when it cannot be sliced.
    /// </summary>
    public virtual bool TrySlice(
        in JinjaValue start, in JinjaValue stop, in JinjaValue step, JinjaRun run, out JinjaValue value)
    {
        value = default;
        return false;
    }

    /// <summary>Calls it.</summary>
    /// <exception cref="JinjaValueException">It cannot be called, or not so.</exception>
    public virtual JinjaValue Call(in JinjaCall call) =>
        throw JinjaValueException.TypeError($"'{ShortTypeName}' object is not callable");

    /// <summary>Its items, in order. An iterator (Python's sense) goes on where the last visit ended.</summary>
    /// <exception cref="JinjaValueException">It cannot be iterated over.</exception>
    public virtual IEnumerator<JinjaValue> Iterate(JinjaRun run) =>
        throw JinjaValueException.TypeError($"'{ShortTypeName}' object is not iterable");

    /// <summary>Python's <c>item in this</c>; an iterator is used up to where it is found.</summary>
    public virtual bool Contains(in JinjaValue item, JinjaRun run)
    {
        using var iterator = Iterate(run);
        while (iterator.MoveNext())
        {
            run.Spend(1);
            if (Comparison.AreEqual(iterator.Current, item, run))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether <paramref name="other"/> equals it in Python's sense.</summary>
    public virtual bool IsEqualTo(JinjaObject other, JinjaRun? run) => ReferenceEquals(this, other);

    /// <summary>Writes what Python's <c>repr</c> gives.</summary>
    public virtual void WriteRepr(JinjaText text) => text.Append($"<{TypeName} object>");

    /// <summary>Writes what Python's <c>str</c> gives.</summary>
    public virtual void WriteText(JinjaText text) => WriteRepr(text);

    /// <summary>The type's name without its module.</summary>
    internal string ShortTypeName => TypeName[(TypeName.LastIndexOf('.') + 1)..];
}
