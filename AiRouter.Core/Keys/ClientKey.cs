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

    /// <summary>Who goes first where requests wait for a model: the higher (R37).</summary>
    public int Priority { get; init; }

    /// <summary>Whether the request log keeps the bodies of its requests and answers.</summary>
    public bool LogBodies { get; init; }

    /// <summary>Whether it comes from the store; else the configuration declares it.</summary>
    public bool IsStored { get; init; }

    /// <summary>A key that the configuration declares.</summary>
    public static ClientKey From(KeyConfig key) =>
        From(key, "file:" + key.Name, key.Name, Convert.FromHexString(key.Hash.AsSpan("sha256:".Length)), isStored: false);

    /// <summary>A key of the store.</summary>
    /// <param name="key">Its record.</param>
    /// <param name="hash">Its hash, read.</param>
    public static ClientKey From(KeyRecord key, ReadOnlyMemory<byte> hash) => From(key, key.Id, key.Name, hash, isStored: true);

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

    private static ClientKey From(KeyTerms terms, string id, string name, ReadOnlyMemory<byte> hash, bool isStored) => new()
    {
        Id = id,
        Name = name,
        Hash = hash,
        IsStored = isStored,
        Models = Patterns(terms.Models),
        Operations = terms.Operations?.ToFrozenSet(StringComparer.Ordinal),
        Expires = terms.Expires,
        Disabled = terms.Disabled,
        Limits = terms.Limits,
        Budget = terms.Budget,
        ModelLimits = MostSpecificFirst(terms.ModelLimits),
        Priority = terms.Priority,
        LogBodies = terms.LogBodies,
    };

    private static IReadOnlyList<WildcardPattern>? Patterns(IReadOnlyList<string>? models) =>
        models is null ? null : [.. models.Select(m => new WildcardPattern(m))];

    private static IReadOnlyList<(WildcardPattern Model, KeyModelConfig Limits)> MostSpecificFirst(
        IReadOnlyDictionary<string, KeyModelConfig> limits) =>
    [
        .. limits.Select(m => (Model: new WildcardPattern(m.Key), Limits: m.Value))
            .OrderByDescending(m => m.Model.IsExact).ThenByDescending(m => m.Model.LiteralLength),
    ];
}
