using AiRouter.Api.Commands.Import.Reading;

namespace AiRouter.Api.Commands.Import.Bifrost;

/// <summary>A model that a key of a provider may ask for.</summary>
/// <param name="Model">Its name for clients, without the provider's; <c>*</c>: any.</param>
/// <param name="Id">Its name at the backend; null: as it was asked for.</param>
/// <param name="Backend">The backend.</param>
/// <param name="Weight">The key's share.</param>
/// <param name="Key">Where the key stands.</param>
internal sealed record BifrostTarget(string Model, string? Id, string Backend, decimal Weight, SourceValue Key);
