namespace AiRouter.Core.Metering;

/// <summary>Adds the parts of an answer up.</summary>
internal sealed class UsageSums(UsageQuery query)
{
    private static readonly UsageSlot Other = new(0, UsageRow.Other, UsageRow.Other, UsageRow.Other);

    private readonly Dictionary<UsageSlot, UsageCounters> _sums = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly bool _byKey = query.GroupBy.Contains(UsageDimension.Key);
    private readonly bool _byModel = query.GroupBy.Contains(UsageDimension.Model);
    private readonly bool _byBackend = query.GroupBy.Contains(UsageDimension.Backend);

    /// <summary>Adds one hash: fields, each followed by its value.</summary>
    public void Add(UsagePart part, string[] hash)
    {
        for (var i = 0; i + 1 < hash.Length; i += 2)
        {
            switch (UsageSlot.Parse(hash[i]))
            {
                case [{ } key]:
                    _names[key] = hash[i + 1];
                    break;
                case [var key, var model, var backend]:
                    Add(part, new UsageSlot(0, key, model, backend), hash[i + 1]);
                    break;
                case []:
                    Add(part, Other, hash[i + 1]);
                    break;
                default:
                    // A newer router's.
                    break;
            }
        }
    }

    /// <summary>The answer.</summary>
    public IReadOnlyList<UsageRow> Rows() =>
    [
        .. _sums.OrderBy(s => s.Key.Minute)
            .ThenBy(s => s.Key.KeyId, StringComparer.Ordinal)
            .ThenBy(s => s.Key.Model, StringComparer.Ordinal)
            .ThenBy(s => s.Key.Backend, StringComparer.Ordinal)
            .Select(s => s.Value.ToRow(
                query.Step is null ? null : UsageTime.MomentOf(s.Key.Minute),
                s.Key,
                s.Key.KeyId is { } id ? _names.GetValueOrDefault(id) : null)),
    ];

    private void Add(UsagePart part, UsageSlot slot, string counters)
    {
        if ((query.KeyId is { } key && key != slot.KeyId) || (query.Model is { } model && model != slot.Model) ||
            (query.Backend is { } backend && backend != slot.Backend))
        {
            return;
        }

        var group = new UsageSlot(
            query.Step is { } step ? UsageTime.Start(part.Minute, step) : 0,
            _byKey ? slot.KeyId : null,
            _byModel ? slot.Model : null,
            _byBackend ? slot.Backend : null);
        if (!_sums.TryGetValue(group, out var sum))
        {
            _sums.Add(group, sum = new UsageCounters());
        }

        sum.Add(counters);
    }
}
