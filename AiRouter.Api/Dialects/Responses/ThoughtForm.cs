namespace AiRouter.Api.Dialects.Responses;

/// <summary>How a client wants to have what the model thinks.</summary>
/// <param name="Kind">What it reads: <see cref="PartKind.Thought"/> or <see cref="PartKind.Summary"/>.</param>
/// <param name="IsSealed">Whether it wants to hand it back as <c>encrypted_content</c>.</param>
internal sealed record ThoughtForm(PartKind Kind, bool IsSealed);
