using System.Text.Json;

namespace AiRouter.Core.Metering;

/// <summary>What usage is added up by.</summary>
/// <param name="Hour">Whole hours since 1970, UTC.</param>
/// <param name="KeyId">The client key; null: anonymous.</param>
/// <param name="Model">The public model; null: none.</param>
/// <param name="Backend">The backend; null: none.</param>
internal readonly record struct UsageSlot(long Hour, string? KeyId, string? Model, string? Backend)
{
    /// <summary>The field of what had no place of its own; <c>usage-add.lua</c> names it too.</summary>
    public const string OtherField = "[]";

    /// <summary>The slot of a record.</summary>
    public static UsageSlot Of(UsageRecord record) =>
        new(UsageTime.HourOf(record.At), record.KeyId, record.Model, record.Backend);

    /// <summary>The field of an hour's or a day's hash that it is kept in: <c>["key","model","backend"]</c>.</summary>
    public string ToField() => JsonSerializer.Serialize([KeyId, Model, Backend], MeteringJson.Default.StringArray);

    /// <summary>The field beside it that keeps a key's last name: <c>["key"]</c>.</summary>
    public static string NameFieldOf(string keyId) => JsonSerializer.Serialize([keyId], MeteringJson.Default.StringArray);

    /// <summary>What a field stands for: three parts, one (<see cref="NameFieldOf"/>), or none (<see cref="OtherField"/>).</summary>
    public static string?[] Parse(string field) => JsonSerializer.Deserialize(field, MeteringJson.Default.StringArray)!;
}
