using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Dialects;

/// <summary>What an answer is called in the client's dialect.</summary>
/// <param name="Model">The public name of the model.</param>
/// <param name="Created">When it was begun, in seconds since 1970.</param>
/// <param name="NewId">A new random part of an id, letters and digits; each item of an answer may need one.</param>
/// <param name="Id">The id of the answer, when the client has been told it already; null: a new one.</param>
internal sealed record DialectHead(string Model, long Created, Func<string> NewId, string? Id = null)
{
    /// <summary>The exact tokens of the input, where they are known before the answer; asked for when it begins.</summary>
    public Func<int?> Input { get; init; } = static () => null;

    /// <summary>What the router counts for an answer, where it does not tell its usage itself; asked for when it is whole.</summary>
    public Func<TokenUsage> Usage { get; init; } = static () => default;
}
