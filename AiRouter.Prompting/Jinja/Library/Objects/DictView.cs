using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Objects;

/// <summary>What a <see cref="DictView"/> shows.</summary>
internal enum DictPart
{
    Keys,
    Values,
    Items,
}

/// <summary>What a dictionary's <c>keys()</c>, <c>values()</c> and <c>items()</c> return.</summary>
internal sealed class DictView(JinjaDict dict, DictPart part) : JinjaObject
{
    /// <inheritdoc/>
    public override string TypeName => part switch
    {
        DictPart.Keys => "dict_keys",
        DictPart.Values => "dict_values",
        _ => "dict_items",
    };

    /// <inheritdoc/>
    public override bool HasLength => true;

    /// <inheritdoc/>
    public override long Length => dict.Count;

    /// <inheritdoc/>
    public override bool IsIterable => true;

    /// <summary>The item at <paramref name="position"/>.</summary>
    public JinjaValue this[int position]
    {
        get
        {
            ref readonly var entry = ref dict.Entries[position];
            return part switch
            {
                DictPart.Keys => entry.Key,
                DictPart.Values => entry.Value,
                _ => JinjaValue.Tuple(entry.Key, entry.Value),
            };
        }
    }

    /// <inheritdoc/>
    public override IEnumerator<JinjaValue> Iterate(JinjaRun run)
    {
        for (var i = 0; i < dict.Count; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    public override bool Contains(in JinjaValue item, JinjaRun run) => part switch
    {
        DictPart.Keys => dict.ContainsKey(item),
        DictPart.Items => item is { Kind: JinjaKind.Tuple, AsItems.Length: 2 } &&
            dict.TryGetValue(item.AsItems[0], out var value) && Comparison.AreEqual(value, item.AsItems[1], run),
        _ => base.Contains(item, run),
    };

    /// <inheritdoc/>
    public override bool IsEqualTo(JinjaObject other, JinjaRun? run)
    {
        if (other is not DictView view || part == DictPart.Values || Length != view.Length || part != view.Part)
        {
            return ReferenceEquals(this, other);
        }

        for (var i = 0; i < dict.Count; i++)
        {
            ref readonly var entry = ref dict.Entries[i];
            if (!view.Dict.TryGetValue(entry.Key, out var value) ||
                (part == DictPart.Items && !Comparison.AreEqual(entry.Value, value, run)))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override void WriteRepr(JinjaText text)
    {
        var items = new JinjaValue[dict.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = this[i];
        }

        text.Append(TypeName);
        text.Append('(');
        PythonText.AppendItems(text, items, '[', ']');
        text.Append(')');
    }

    private DictPart Part => part;

    private JinjaDict Dict => dict;
}
