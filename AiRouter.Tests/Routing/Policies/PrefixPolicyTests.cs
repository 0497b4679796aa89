using AiRouter.Api.Routing.Policies;
using AiRouter.Api.Routing.Targets;
using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Routing.Policies;

public sealed class PrefixPolicyTests
{
    private readonly RoutedTarget[] _targets = PolicyTargets.Create(TimeProvider.System, 1, 1, 1, 1);
    private readonly PrefixPolicy _policy = new(new PrefixConfig(), new Random(1));

    [Fact]
    public void Conversation_goes_on_where_it_began()
    {
        for (var user = 0; user < 20; user++)
        {
            var messages = new List<string> { $"I am user {user}." };
            var home = Ask(messages);
            for (var turn = 0; turn < 5; turn++)
            {
                messages.Add("answer");
                messages.Add($"question {turn}");
                Assert.Same(home, Ask(messages));
            }
        }
    }

    [Fact]
    public void Longest_known_beginning_wins()
    {
        Served(_targets[0], ["system"]);
        Served(_targets[1], ["system", "a"]);
        Served(_targets[2], ["system", "a", "b"]);
        Served(_targets[1], ["other"]);

        Assert.Same(_targets[2], Choose(["system", "a", "b", "c", "d"]));
        Assert.Same(_targets[2], Choose(["system", "x"]));
        Assert.Same(_targets[1], Choose(["other", "x"]));
    }

    [Fact]
    public void Long_message_that_only_begins_alike_is_known_too()
    {
        var document = new string('x', 5000);
        Served(_targets[3], [document + " What is it about?"]);

        Assert.Same(_targets[3], Choose([document + " Who wrote it?"]));
    }

    [Fact]
    public void Target_is_passed_over_while_it_is_busier_than_the_others()
    {
        Served(_targets[1], ["system"]);
        var running = Enumerable.Range(0, 4).Select(_ => _targets[1].State.Load.Begin(streams: true)).ToList();

        Assert.NotSame(_targets[1], Choose(["system", "a"]));
        foreach (var other in _targets.Where(t => t != _targets[1]))
        {
            other.State.Load.Begin(streams: true);
            other.State.Load.Begin(streams: true);
        }

        Assert.Same(_targets[1], Choose(["system", "a"]));
        running.ForEach(r => r.End(answered: true));
        Assert.Same(_targets[1], Choose(["system", "a"]));
    }

    [Fact]
    public void Target_that_is_out_leaves_the_next_longest_beginning()
    {
        Served(_targets[2], ["system", "a"]);
        Served(_targets[0], ["system"]);
        var usable = _targets[..2];

        Assert.Same(_targets[0], _policy.Choose(usable, Conversation(["system", "a", "b"])));
    }

    [Fact]
    public void Keys_have_nothing_in_common()
    {
        var exchange = Conversation(["system"], "key-1");
        _policy.Served(_targets[0], exchange);

        Assert.True(PrefixChain.Of(Conversation(["system"], "key-2")).Ends.IndexOf(PrefixChain.Of(exchange).Ends[0]) < 0);
        Assert.Equal(PrefixChain.Of(exchange).Ends, PrefixChain.Of(Conversation(["system"], "key-1")).Ends);
    }

    [Fact]
    public void What_nobody_knows_goes_to_the_less_busy()
    {
        var counts = _policy.Count(_targets, 4000, Conversation(["new"]));

        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Operations_without_a_prompt_go_to_the_less_busy()
    {
        var exchange = PolicyTargets.Request("""{"input":"text"}""", operation: Operations.Embeddings);
        _policy.Served(_targets[0], exchange);

        Assert.Equal(0, PrefixChain.Of(exchange).Ends.Length);
        Assert.All(_policy.Count(_targets, 4000, exchange), count => Assert.InRange(count, 850, 1150));
    }

    private RoutedTarget Ask(IReadOnlyList<string> messages)
    {
        var target = Choose(messages);
        Served(target, messages);
        return target;
    }

    private RoutedTarget Choose(IReadOnlyList<string> messages) => _policy.Choose(_targets, Conversation(messages));

    private void Served(RoutedTarget target, IReadOnlyList<string> messages) => _policy.Served(target, Conversation(messages));

    private static AiRouter.Api.Endpoints.Exchange Conversation(IReadOnlyList<string> messages, string? key = null) => PolicyTargets.Request(
        "{\"messages\":[" + string.Join(',', messages.Select(m => $$"""{"role":"user","content":"{{m}}"}""")) + "]}", key);
}
