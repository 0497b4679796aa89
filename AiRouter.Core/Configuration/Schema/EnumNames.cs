using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiRouter.Core.Configuration.Schema;

/// <summary>
/// What the members of an enum are called in the document: as its keys are, in camel case, unless
/// <see cref="JsonStringEnumMemberNameAttribute"/> says otherwise.
/// </summary>
internal static class EnumNames
{
    /// <summary>The names, in the order of declaration.</summary>
    public static IReadOnlyList<string> Of(Type type) => [.. Enum.GetNames(type).Select(n => Of(type, n))];

    /// <summary>The name of a value.</summary>
    public static string Of(Enum value) => Of(value.GetType(), value.ToString());

    /// <summary>The name of a member.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The members of an enum are kept with it.")]
    public static string Of(Type type, string member) =>
        type.GetField(member)?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(member);

    /// <summary>The value of a name; null: there is none.</summary>
    public static object? Parse(Type type, string name) =>
        Enum.GetNames(type).FirstOrDefault(n => Of(type, n) == name) is { } member ? Enum.Parse(type, member) : null;
}
