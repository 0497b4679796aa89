using AiRouter.Api.Endpoints;
using AiRouter.Api.Routing.Policies;
using AiRouter.Api.Routing.Targets;
using AiRouter.Core.Configuration;
using FsCheck.Xunit;

namespace AiRouter.Tests.Routing.Policies;

public sealed class StickyPolicyTests
{
    private static readonly StickyConfig ByUser = new();

    [Fact]
    public void Session_always_has_the_same_target()
    {
        var targets = PolicyTargets.Create(TimeProvider.System, 1, 1, 1, 1);

        Assert.Single(new StickyPolicy(ByUser, new Random(1)).Count(targets, 100, User("anna")), count => count > 0);
    }

    // Replicas share nothing, and a restart forgets nothing: what is written here must not change from release to release.
    [Theory]
    [InlineData("anna", "c")]
    [InlineData("bert", "b")]
    [InlineData("carl", "b")]
    public void Target_of_a_session_is_the_same_in_every_process(string user, string target) => Assert.Equal(
        target,
        Policy().Choose(PolicyTargets.Create(TimeProvider.System, 1, 1, 1), User(user, key: "key-1")).Model.Backend.Name);

    [Fact]
    public void Sessions_spread_by_weight()
    {
        var targets = PolicyTargets.Create(TimeProvider.System, 1, 2, 5);
        var counts = Homes(targets, 8000).Values.CountBy(t => t).ToDictionary();

        Assert.InRange(counts["a"], 900, 1100);
        Assert.InRange(counts["b"], 1850, 2150);
        Assert.InRange(counts["c"], 4850, 5150);
    }

    [Property(MaxTest = 40)]
    public void Target_that_goes_moves_its_own_sessions_only(byte[] weights, byte gone)
    {
        var targets = Weighted(weights);
        var left = targets.Where((_, i) => i != gone % targets.Length).ToArray();
        var leaver = targets[gone % targets.Length].Model.Backend.Name;

        var (before, after) = (Homes(targets, 200), Homes(left, 200));

        Assert.All(before, home => Assert.True(home.Value == leaver || after[home.Key] == home.Value));
    }

    [Property(MaxTest = 40)]
    public void Target_that_comes_takes_its_own_share_only(byte[] weights, byte weight)
    {
        var targets = Weighted(weights);
        RoutedTarget[] more = [.. targets, PolicyTargets.Create(TimeProvider.System, "new", 1 + (weight % 10))];

        var (before, after) = (Homes(targets, 200), Homes(more, 200));

        Assert.All(after, home => Assert.True(home.Value == "new" || before[home.Key] == home.Value));
    }

    [Property(MaxTest = 40)]
    public void Order_in_the_configuration_makes_no_difference(byte[] weights)
    {
        var targets = Weighted(weights);
        var before = Homes(targets, 100);
        Array.Reverse(targets);

        Assert.Equal(before, Homes(targets, 100));
    }

    [Property(MaxTest = 40)]
    public void No_target_has_more_than_its_bound(byte[] weights, byte users)
    {
        var targets = Weighted(weights);
        var policy = Policy();
        var total = targets.Sum(t => t.Model.Config.Weight);

        // The worst case: all requests are of a few users.
        for (var i = 1; i <= 300; i++)
        {
            policy.Choose(targets, User($"user-{i % (1 + (users % 5))}")).State.Load.Begin(streams: true);
            Assert.All(targets, t => Assert.True(
                t.State.Load.InFlight <= Math.Ceiling(1.25 * i * t.Model.Config.Weight / total),
                $"{t.State.Load.InFlight} of {i} with weight {t.Model.Config.Weight} of {total}"));
        }
    }

    [Fact]
    public void Session_comes_home_when_its_target_has_room_again()
    {
        var targets = PolicyTargets.Create(TimeProvider.System, 1, 1, 1);
        var policy = Policy();
        var home = policy.Choose(targets, User("anna"));
        var running = Enumerable.Range(0, 10).Select(_ => home.State.Load.Begin(streams: true)).ToList();

        Assert.NotSame(home, policy.Choose(targets, User("anna")));
        running.ForEach(r => r.End(answered: true));
        Assert.Same(home, policy.Choose(targets, User("anna")));
    }

    [Fact]
    public void Users_of_different_keys_have_nothing_in_common()
    {
        var targets = PolicyTargets.Create(TimeProvider.System, 1, 1, 1, 1);
        var same = Enumerable.Range(0, 1000).Count(i =>
            Policy().Choose(targets, User($"u{i}", "key-1")) == Policy().Choose(targets, User($"u{i}", "key-2")));

        Assert.InRange(same, 200, 300);
    }

    [Theory]
    [InlineData(StickyBy.User, """{"user":"anna"}""", """{"safety_identifier":"anna"}""")]
    [InlineData(StickyBy.User, """{"user":"anna"}""", """{"user":"\u0061nna"}""")]
    [InlineData(StickyBy.User, """{"user":"anna","safety_identifier":"x"}""", """{"user":"anna"}""")]
    [InlineData(StickyBy.PromptCacheKey, """{"prompt_cache_key":"anna","user":"x"}""", """{"prompt_cache_key":"anna"}""")]
    public void Session_is_what_the_request_calls_it(StickyBy by, string one, string other)
    {
        var config = new StickyConfig { By = by };

        Assert.NotNull(SessionHash.Of(PolicyTargets.Request(one), config));
        Assert.Equal(SessionHash.Of(PolicyTargets.Request(one), config), SessionHash.Of(PolicyTargets.Request(other), config));
    }

    [Fact]
    public void Session_of_Messages_is_its_user_id()
    {
        var anna = OfMessages("""{"metadata":{"x":{"user_id":"bert"},"user_id":"anna"}}""");

        Assert.NotNull(anna);
        Assert.Equal(anna, OfMessages("""{"metadata":{"user_id":"\u0061nna"},"user":"x"}"""));
        Assert.NotEqual(anna, OfMessages("""{"metadata":{"user_id":"bert"}}"""));
        Assert.Null(OfMessages("""{"metadata":{"user_id":null},"user":"anna"}"""));

        static ulong? OfMessages(string json) => SessionHash.Of(PolicyTargets.Request(json, dialect: StreamDialect.Messages), ByUser);
    }

    [Fact]
    public void Session_may_be_a_header()
    {
        var config = new StickyConfig { By = StickyBy.Header, Header = "x-session" };
        var (one, other, without) = (PolicyTargets.Request(), PolicyTargets.Request(), PolicyTargets.Request());
        one.Http.Request.Headers["X-Session"] = "s-1";
        other.Http.Request.Headers["X-Session"] = "s-2";

        Assert.NotNull(SessionHash.Of(one, config));
        Assert.NotEqual(SessionHash.Of(one, config), SessionHash.Of(other, config));
        Assert.Null(SessionHash.Of(without, config));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"model":"m"}""")]
    [InlineData("""{"user":""}""")]
    [InlineData("""{"user":null}""")]
    [InlineData("""{"user":7}""")]
    public void Requests_without_a_session_go_to_the_less_busy(string? body)
    {
        var targets = PolicyTargets.Create(TimeProvider.System, 1, 1);
        var policy = Policy();
        targets[0].State.Load.Begin(streams: true);

        Assert.Equal([0, 50], policy.Count(targets, 50, PolicyTargets.Request(body)));
    }

    private static StickyPolicy Policy() => new(ByUser, new Random(1));

    private static AiRouter.Api.Endpoints.Exchange User(string name, string? key = null) =>
        PolicyTargets.Request($$"""{"user":"{{name}}"}""", key);

    private static RoutedTarget[] Weighted(byte[] weights) => PolicyTargets.Create(
        TimeProvider.System, [1, 1, 1, .. weights.Take(12).Select(w => 1 + (w % 10))]);

    private static Dictionary<string, string> Homes(RoutedTarget[] targets, int users)
    {
        var policy = Policy();
        return Enumerable.Range(0, users).Select(i => $"user-{i}")
            .ToDictionary(u => u, u => policy.Choose(targets, User(u)).Model.Backend.Name);
    }
}
