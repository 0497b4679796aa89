using System.Text.Json.Serialization;
using AiRouter.Core.Stores;

namespace AiRouter.Core.Configuration.Stored;

/// <summary>The JSON of what lies in the store beside the document.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NotedChange))]
[JsonSerializable(typeof(ConfigurationRuler))]
internal sealed partial class StoredJson : JsonSerializerContext;

/// <summary>A change as the history notes it; its version and moment stand before it, written by the script.</summary>
internal sealed record NotedChange(string By, string? Comment, IReadOnlyList<ConfigurationDifference> Differences);
