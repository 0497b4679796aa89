using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiRouter.Core.Objects;

/// <summary>Owners as the JSON that the store holds.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OwnedObject))]
internal sealed partial class ObjectJson : JsonSerializerContext;
