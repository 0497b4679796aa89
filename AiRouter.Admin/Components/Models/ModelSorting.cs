using AiRouter.Admin.Management.Models;

namespace AiRouter.Admin.Components.Models;

/// <summary>How models are sorted.</summary>
/// <param name="Order">By what.</param>
/// <param name="IsDescending">The largest first.</param>
public readonly record struct ModelSorting(ModelOrder Order, bool IsDescending)
{
    /// <summary>By something else, or the other way round. Figures begin with the largest, health with the worst.</summary>
    public ModelSorting By(ModelOrder order) => new(order, order == Order ? !IsDescending : order != ModelOrder.Name);

    /// <summary>The rows in this order; equal ones by name.</summary>
    public IEnumerable<ModelRow> Of(IEnumerable<ModelRow> rows)
    {
        Func<ModelRow, IComparable?> key = Order switch
        {
            ModelOrder.Health => static r => r.Live?.Health,
            ModelOrder.Rate => static r => r.Live?.Traffic.RequestsPerSecond,
            ModelOrder.FirstToken => static r => r.Live?.Traffic.FirstTokenP50Seconds,
            ModelOrder.Requests => static r => r.Requests,
            ModelOrder.Tokens => static r => r.Tokens,
            _ => static _ => 0,
        };
        var sorted = IsDescending ? rows.OrderByDescending(key) : rows.OrderBy(key);
        return Order == ModelOrder.Name && IsDescending
            ? sorted.ThenByDescending(static r => r.Name, StringComparer.OrdinalIgnoreCase)
            : sorted.ThenBy(static r => r.Name, StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>What models can be sorted by.</summary>
public enum ModelOrder
{
    /// <summary>Their names.</summary>
    Name,

    /// <summary>How they are.</summary>
    Health,

    /// <summary>Requests in a second, of the last minute.</summary>
    Rate,

    /// <summary>Time to the first token.</summary>
    FirstToken,

    /// <summary>Requests of the last 24 hours.</summary>
    Requests,

    /// <summary>Tokens of the last 24 hours.</summary>
    Tokens,
}
