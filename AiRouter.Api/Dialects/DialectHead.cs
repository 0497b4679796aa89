namespace AiRouter.Api.Dialects;

/// <summary>What an answer is called in the client's dialect.</summary>
/// <param name="Model">The public name of the model.</param>
/// <param name="Created">When it was begun, in seconds since 1970.</param>
/// <param name="NewId">A new random part of an id, letters and digits; each item of an answer may need one.</param>
internal sealed record DialectHead(string Model, long Created, Func<string> NewId);
