using AiRouter.Admin.Components.Keys;
using AiRouter.Admin.Management.Keys;
using AiRouter.Core.Keys;

namespace AiRouter.Tests.Components.Keys;

public sealed class KeyFilterTests
{
    private static readonly KeyView[] Keys =
    [
        Key("beta") with { Owner = "Zoe", Tags = ["prod", "eu"], Prefix = "sk-air-bbbbb" },
        Key("Alpha") with { Owner = "adam", Tags = ["prod"], Expires = DateTimeOffset.UnixEpoch.AddDays(9), Prefix = "sk-air-aaaaa" },
        Key("gamma") with { Status = KeyStatus.Disabled, Expires = DateTimeOffset.UnixEpoch.AddDays(2) },
    ];

    [Theory]
    [InlineData("", "Alpha beta gamma")]
    [InlineData("ALPHA", "Alpha")]
    [InlineData("zoe", "beta")]
    [InlineData("prod a", "Alpha beta")]
    [InlineData("prod eu", "beta")]
    [InlineData("id-gamma", "gamma")]
    [InlineData("sk-air-aaaaaREST-OF-A-SECRET", "Alpha")]
    [InlineData("nobody", "")]
    public void Search_finds_keys_that_have_every_word(string search, string names) =>
        Assert.Equal(names, Names(new KeyFilter { Search = search }));

    [Fact]
    public void Filters_leave_others_out()
    {
        Assert.Equal("gamma", Names(new KeyFilter { Status = KeyStatus.Disabled }));
        Assert.Equal("beta", Names(new KeyFilter { Owner = "Zoe" }));
        Assert.Equal("Alpha beta", Names(new KeyFilter { Tag = "prod" }));
        Assert.Equal("", Names(new KeyFilter { Tag = "prod", Status = KeyStatus.Disabled }));
        Assert.False(new KeyFilter { Search = " " }.IsActive);
    }

    [Fact]
    public void Order_is_turned_round_by_asking_for_it_again()
    {
        var byOwner = new KeyFilter().By(KeyOrder.Owner);
        Assert.Equal("Alpha beta gamma", Names(byOwner));
        Assert.Equal("gamma beta Alpha", Names(byOwner.By(KeyOrder.Owner)));
        Assert.Equal("gamma Alpha beta", Names(byOwner.By(KeyOrder.Expires)));
        Assert.Equal("Alpha beta gamma", Names(byOwner.By(KeyOrder.Status)));
    }

    private static string Names(KeyFilter filter) => string.Join(' ', filter.Of(Keys).Select(static k => k.Name));

    private static KeyView Key(string name) => new()
    {
        Id = $"id-{name}",
        Version = 1,
        Source = KeySource.Store,
        Status = KeyStatus.Active,
        Name = name,
        Created = new Change(DateTimeOffset.UnixEpoch, "me"),
    };
}
