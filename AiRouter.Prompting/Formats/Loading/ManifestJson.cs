using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiRouter.Prompting.Formats.Loading;

/// <summary>How a manifest is read.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FormatManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
