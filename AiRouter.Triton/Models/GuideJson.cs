using System.Text.Json.Serialization;

namespace AiRouter.Triton.Models;

/// <summary>The JSON of guides.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class GuideJson : JsonSerializerContext;
