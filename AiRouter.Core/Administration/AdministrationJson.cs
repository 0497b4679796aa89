using System.Text.Json.Serialization;

namespace AiRouter.Core.Administration;

/// <summary>The JSON of what lies in the store.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AdminKeyRecord))]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AdministrationJson : JsonSerializerContext;
