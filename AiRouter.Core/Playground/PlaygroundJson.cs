using System.Text.Json.Serialization;

namespace AiRouter.Core.Playground;

/// <summary>The JSON inside of a token.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlaygroundGrant))]
internal sealed partial class PlaygroundJson : JsonSerializerContext;
