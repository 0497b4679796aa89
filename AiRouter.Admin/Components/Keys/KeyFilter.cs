using AiRouter.Admin.Management.Keys;

namespace AiRouter.Admin.Components.Keys;

/// <summary>Which keys a list shows, and in which order.</summary>
public sealed record KeyFilter
{
    /// <summary>Words that all have to be in the name, owner, tags, id or the beginning of the secret; case does not count.</summary>
    public string Search { get; init; } = "";

    /// <summary>Only keys that stand so; null: all.</summary>
    public KeyStatus? Status { get; init; }

    /// <summary>Only keys of this owner; empty: all.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Only keys with this tag; empty: all.</summary>
    public string Tag { get; init; } = "";

    /// <summary>What they are sorted by.</summary>
    public KeyOrder Order { get; init; } = KeyOrder.Name;

    /// <summary>Whether the last comes first.</summary>
    public bool IsDescending { get; init; }

    /// <summary>Whether some keys may be left out.</summary>
    public bool IsActive => Search.Trim().Length > 0 || Status is not null || Owner.Length > 0 || Tag.Length > 0;

    /// <summary>Sorted by something else; by the same again: the other way round.</summary>
    public KeyFilter By(KeyOrder order) => this with { Order = order, IsDescending = order == Order && !IsDescending };

    /// <summary>The keys to be shown. Equal ones are in the order of their names.</summary>
    public IReadOnlyList<KeyView> Of(IEnumerable<KeyView> keys)
    {
        var words = Search.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var sorted = Sorted(keys.Where(k => Matches(k, words))).ToList();
        if (IsDescending)
        {
            sorted.Reverse();
        }

        return sorted;
    }

    private bool Matches(KeyView key, string[] words) =>
        (Status is null || key.Status == Status) &&
        (Owner.Length == 0 || key.Owner == Owner) &&
        (Tag.Length == 0 || key.Tags.Contains(Tag, StringComparer.Ordinal)) &&
        Array.TrueForAll(words, word => Has(key, word));

    private static bool Has(KeyView key, string word) =>
        Has(key.Name, word) || Has(key.Owner, word) || Has(key.Id, word) || key.Tags.Any(t => Has(t, word)) ||
        (key.Prefix is { } prefix && (Has(prefix, word) || word.StartsWith(prefix, StringComparison.Ordinal)));

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) is true;

    private IOrderedEnumerable<KeyView> Sorted(IEnumerable<KeyView> keys) => (Order switch
    {
        KeyOrder.Owner => keys.OrderBy(static k => k.Owner is null).ThenBy(static k => k.Owner, StringComparer.OrdinalIgnoreCase),
        KeyOrder.Status => keys.OrderBy(static k => k.Status),
        KeyOrder.Expires => keys.OrderBy(static k => k.Expires ?? DateTimeOffset.MaxValue),
        KeyOrder.Created => keys.OrderBy(static k => k.Created?.At ?? DateTimeOffset.MinValue),
        _ => keys.OrderBy(static k => k.Name, StringComparer.OrdinalIgnoreCase),
    }).ThenBy(static k => k.Name, StringComparer.Ordinal);
}

/// <summary>What keys can be sorted by.</summary>
public enum KeyOrder
{
    /// <summary>Their names.</summary>
    Name,

    /// <summary>Whose they are; those of nobody last.</summary>
    Owner,

    /// <summary>Whether they work.</summary>
    Status,

    /// <summary>When they end; those that do not last.</summary>
    Expires,

    /// <summary>When they were made.</summary>
    Created,
}
