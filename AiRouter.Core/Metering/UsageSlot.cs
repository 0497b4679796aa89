using System.Text.Json;

namespace AiRouter.Core.Metering;

/// <summary>What usage is added up by.</summary>
/// <param name="Minute">When its time begins: whole minutes since 1970, UTC.</param>
/// <param name="KeyId">The client key; null: anonymous.</param>
/// <param name="Model">The public model; null: none.</param>
/// <param name="Backend">The backend; null: none.</param>
internal readonly record struct UsageSlot(long Minute, string? KeyId, string? Model, string? Backend)
{
    /// <summary>The field of what had no place of its own; <c>usage-add.lua</c> names it too.</summary>
    public const string OtherField = "[]";

    /// <summary>A record's, in the minute that it came in.</summary>
    public static UsageSlot Of(UsageRecord record) =>
        new(UsageTime.MinuteOf(record.At), record.KeyId, record.Model, record.Backend);

    /// <summary>The same in the hour.</summary>
    public UsageSlot OfHour() => this with { Minute = UsageTime.Start(Minute, UsageStep.Hour) };

    /// <summary>The field of a hash that it is kept in: <c>["key","model","backend"]</c>.</summary>
    public string ToField() => JsonSerializer.Serialize([KeyId, Model, Backend], MeteringJson.Default.StringArray);

    /// <summary>The field beside it that keeps a key's last name: <c>["key"]</c>.</summary>
    public static string NameFieldOf(string keyId) => JsonSerializer.Serialize([keyId], MeteringJson.Default.StringArray);

    /// <summary>What a field stands for: three parts, one (<see cref="NameFieldOf"/>), or none (<see cref="OtherField"/>).</summary>
    public static string?[] Parse(string field) => JsonSerializer.Deserialize(field, MeteringJson.Default.StringArray)!;
}
