using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AiRouter.Core.Json;

/// <summary>JSON without a shape of ours.</summary>
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class PlainJson : JsonSerializerContext;
