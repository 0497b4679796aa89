using System.Text.Json.Serialization;

namespace AiRouter.Core.Metering;

/// <summary>What metering keeps as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(string[]), TypeInfoPropertyName = "StringArray")]
[JsonSerializable(typeof(LoggedRequest))]
[JsonSerializable(typeof(LoggedBodies))]
internal sealed partial class MeteringJson : JsonSerializerContext;
