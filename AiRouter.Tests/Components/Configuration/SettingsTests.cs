using System.Text.RegularExpressions;
using AiRouter.Admin.Components.Configuration;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Schema;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Components.Configuration;

public sealed partial class SettingsTests
{
    [Theory]
    [InlineData(typeof(DefaultsConfig), "DefaultsFields")]
    [InlineData(typeof(GlobalLimitsConfig), "LimitsFields")]
    [InlineData(typeof(MeteringConfig), "MeteringFields")]
    [InlineData(typeof(ServerConfig), "ServerFields")]
    public void Every_key_of_a_section_has_a_field_and_every_field_a_key(Type section, string component)
    {
        var source = File.ReadAllText(Path.Combine(Checkout.Root, "AiRouter.Admin", "Components", "Configuration", component + ".razor"));

        // Default models are listed in a table of the component.
        var fields = FieldPath().Matches(source).Select(static m => m.Groups[1].Value)
            .Concat(section == typeof(DefaultsConfig) ? TableRow().Matches(source).Select(static m => m.Groups[1].Value) : []);

        Assert.Equal(Keys((RecordShape)Shapes.Of(section), "").Order(StringComparer.Ordinal), fields.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Locks_of_a_section_are_shown_at_its_fields()
    {
        var locks = SectionLocks.Of(
            [
                new FieldLock("server.maxBodyMiB", "AIROUTER__SERVER__MAXBODYMIB", ["a", "b"]), new FieldLock("serverless", "X", ["a"]),
                new FieldLock("metering.hoursKeptDays", "Y", ["a"]),
            ],
            "server");

        Assert.Equal([("maxBodyMiB", "set by AIROUTER__SERVER__MAXBODYMIB in the environment of a, b: change it there.")], locks);
    }

    // An object that can be absent has a box of its own beside its members' fields.
    private static IEnumerable<string> Keys(RecordShape record, string around)
    {
        foreach (var member in record.Members)
        {
            if (member.Shape is RecordShape inner)
            {
                foreach (var key in Keys(inner, around + member.Name + ".").Concat(member.Default is null ? [around + member.Name] : []))
                {
                    yield return key;
                }
            }
            else
            {
                yield return around + member.Name;
            }
        }
    }

    [GeneratedRegex("\\bPath=\"([^\"@]+)\"")]
    private static partial Regex FieldPath();

    [GeneratedRegex("^        \\(\"(\\w+)\", ", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
