using System.Text.Json;
using System.Text.Json.Serialization;
using AiRouter.Core.Configuration;

namespace AiRouter.Core.Keys;

/// <summary>How records of keys are JSON. What is null is left out: scripts would read it as a value of its own.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(PeriodNames)])]
[JsonSerializable(typeof(KeyRecord))]
[JsonSerializable(typeof(KeySnapshot))]
[JsonSerializable(typeof(KeyAudit))]
internal sealed partial class KeyRecordJson : JsonSerializerContext
{
    /// <summary>As in the document.</summary>
    private sealed class PeriodNames() : JsonStringEnumConverter<BudgetPeriod>(JsonNamingPolicy.CamelCase);
}
