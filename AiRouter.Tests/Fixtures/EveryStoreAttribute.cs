using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace AiRouter.Tests.Fixtures;

/// <summary>A theory that runs on redis-server and on the embedded store: <c>[Theory, EveryStore]</c>, with one parameter.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EveryStoreAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<StoreKind>(StoreKind.Redis), new TheoryDataRow<StoreKind>(StoreKind.Garnet)]);

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
