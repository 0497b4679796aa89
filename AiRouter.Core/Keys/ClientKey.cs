using System.Collections.Frozen;
using AiRouter.Core.Configuration;

namespace AiRouter.Core.Keys;

/// <summary>A client key ready to be checked against: its names compiled, its secret only as hash.</summary>
public sealed class ClientKey
{
    /// <summary>
    /// Names it in counters and never changes: the record's id, or <c>file:NAME</c> for one that the configuration declares.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The key's name, for logs and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the secret.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>Patterns of public model names; null is all.</summary>
    public IReadOnlyList<WildcardPattern>? Models { get; init; }

    /// <summary>Operations; null is every one with a model.</summary>
    public FrozenSet<string>? Operations { get; init; }

    /// <summary>When it stops working.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Switched off.</summary>
    public bool Disabled { get; init; }

    /// <summary>What it may use at a time, over all models.</summary>
    public LimitsConfig Limits { get; init; } = new();

    /// <summary>What it may spend, over all models.</summary>
    public BudgetConfig? Budget { get; init; }

    /// <summary>What it may use of single models; the most specific first.</summary>
    public IReadOnlyList<(WildcardPattern Model, KeyModelConfig Limits)> ModelLimits { get; init; } = [];

    /// <summary>Whether the request log keeps the bodies of its requests and answers.</summary>
    public bool LogBodies { get; init; }

    /// <summary>Whether it may use the public model <paramref name="name"/>.</summary>
    public bool MayUseModel(string name)
    {
        if (Models is null)
        {
            return true;
        }

        foreach (var pattern in Models)
        {
            if (pattern.IsMatch(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it may use an operation (see <see cref="Configuration.Operations"/>).</summary>
    public bool MayUseOperation(string operation) =>
        Operations?.Contains(operation) ?? Configuration.Operations.WithModel.Contains(operation);
}
