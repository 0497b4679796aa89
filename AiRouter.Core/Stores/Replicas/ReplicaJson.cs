using System.Text.Json.Serialization;

namespace AiRouter.Core.Stores.Replicas;

/// <summary>A report as it lies in the store.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ReplicaReport))]
internal sealed partial class ReplicaJson : JsonSerializerContext;
