using System.ComponentModel.DataAnnotations;

namespace AiRouter.Core.Configuration;

/// <summary>What the router does for the Responses API where a backend does not have it.</summary>
public sealed record ResponsesConfig
{
    /// <summary>
    /// Hours that it keeps responses and conversations in the store, for <c>previous_response_id</c>, <c>conversation</c> and
    /// <c>background</c>, 0 to 8760; 0: it keeps none.
    /// </summary>
    [Range(0.0, 8760.0)]
    public double StoreHours { get; init; }
}
