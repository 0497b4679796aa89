namespace AiRouter.Core.Configuration.Schema;

/// <summary>The items of this list are names of <see cref="Operations"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OperationNamesAttribute : Attribute
{
    /// <summary>Operations without a model are allowed too.</summary>
    public bool WithoutModel { get; init; }

    public IReadOnlyList<string> Allowed =>
        [.. Operations.WithModel.Concat(WithoutModel ? Operations.WithoutModel : []).Order(StringComparer.Ordinal)];
}
