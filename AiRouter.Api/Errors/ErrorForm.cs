namespace AiRouter.Api.Errors;

/// <summary>Errors in another form than OpenAI's: a feature of requests whose clients expect it.</summary>
/// <param name="StatusOf">The status that goes out.</param>
/// <param name="ToJson">The body, with the request's id.</param>
internal sealed record ErrorForm(Func<ApiError, int> StatusOf, Func<ApiError, string?, byte[]> ToJson);
