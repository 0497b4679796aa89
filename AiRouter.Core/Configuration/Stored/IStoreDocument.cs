using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Health;

namespace AiRouter.Core.Configuration.Stored;

/// <summary>Where a router with a store has its document from.</summary>
internal interface IStoreDocument : IDocumentSource, IStoreSync
{
    /// <summary>The stored version that is served; null: what is served is not the store's.</summary>
    long? ServedVersion { get; }

    /// <summary>Where it is from, and what is wrong with that.</summary>
    HealthDetail Detail { get; }
}
