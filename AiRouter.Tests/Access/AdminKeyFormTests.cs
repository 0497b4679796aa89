using AiRouter.Admin.Components.Access;
using AiRouter.Admin.Management.AdminKeys;
using AiRouter.Core.Administration;
using AiRouter.Core.Keys;

namespace AiRouter.Tests.Access;

public sealed class AdminKeyFormTests
{
    private static readonly AdminKeyView Key = new()
    {
        Id = "admin_1",
        Version = 3,
        Prefix = "sk-air-admin-abcde",
        Name = "ann",
        Role = AdminRole.Editor,
        ReadBodies = true,
        Expires = new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero),
        Created = new Change(DateTimeOffset.UnixEpoch, "x"),
        Updated = new Change(DateTimeOffset.UnixEpoch, "x"),
    };

    [Fact]
    public void Form_of_a_key_gives_the_same_settings_back()
    {
        var (settings, _, _) = AdminKeyForm.Of(Key).ToSettings();

        Assert.Equal(new AdminKeySettings { Name = "ann", Role = AdminRole.Editor, ReadBodies = true, Expires = Key.Expires }, settings);
        Assert.Equal("2027-01-31", AdminKeyForm.Of(Key).LastDay);
    }

    [Fact]
    public void End_within_a_day_stays_as_long_as_the_day_is_not_changed()
    {
        var key = Key with { Expires = new DateTimeOffset(2027, 2, 1, 15, 30, 0, TimeSpan.FromHours(2)) };
        var form = AdminKeyForm.Of(key);

        Assert.Equal("2027-02-01", form.LastDay);
        Assert.Equal(key.Expires, form.ToSettings().Settings!.Expires);
        form.LastDay = "2027-02-02";
        Assert.Equal(new DateTimeOffset(2027, 2, 3, 0, 0, 0, TimeSpan.Zero), form.ToSettings().Settings!.Expires);
        form.LastDay = "";
        Assert.Null(form.ToSettings().Settings!.Expires);
    }

    [Theory]
    [InlineData("", "", true, false)]
    [InlineData("ann", "31.1.2027", false, true)]
    [InlineData(" ", "9999-12-31", true, true)]
    public void What_is_wrong_is_told_at_its_field(string name, string day, bool nameIsWrong, bool dayIsWrong)
    {
        var (settings, nameProblem, dayProblem) = new AdminKeyForm { Name = name, LastDay = day }.ToSettings();

        Assert.Null(settings);
        Assert.Equal(nameIsWrong, nameProblem is not null);
        Assert.Equal(dayIsWrong, dayProblem is not null);
    }
}
