using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Queueing;

/// <summary>Whose turn it is (R37).</summary>
public sealed class QueueFairnessTests
{
    [Fact]
    public async Task Key_with_a_thousand_waiting_does_not_starve_one_with_a_single_request()
    {
        var run = new QueueRun(concurrent: 1, waiting: 2000);
        var first = run.Enter("busy");
        var waiting = run.EnterMany(1000, "busy").Append(run.Enter("single")).ToList();

        var served = await run.ServeAsync(first, waiting, 2);

        Assert.Contains("single", served.Select(s => s.Key));
    }

    [Fact]
    public async Task Keys_take_turns_and_each_goes_by_arrival()
    {
        var run = new QueueRun(concurrent: 1);
        var first = run.Enter("x");
        Entry[] waiting = [.. run.EnterMany(3, "a"), .. run.EnterMany(3, "b"), .. run.EnterMany(3)];

        var served = await run.ServeAsync(first, waiting, 9);

        // Anonymous requests share one key.
        Assert.Equal(["a", "b", null, "a", "b", null, "a", "b", null], served.Select(s => s.Key));
        Assert.Equal(waiting.Where(w => w.Key == "a"), served.Where(s => s.Key == "a"));
    }

    [Fact]
    public async Task Turn_is_one_place_however_many_choices_a_key_asks_for()
    {
        var run = new QueueRun(concurrent: 4, waiting: 1000);
        var first = run.Enter("x", n: 4);
        Entry[] waiting = [.. run.EnterMany(40, "many", n: 4), .. run.EnterMany(160, "one")];
        first.Exchange.LeaveQueue();

        var places = new Dictionary<string, int>();
        var left = waiting.ToList();
        for (var i = 0; i < 100; i++)
        {
            await Eventually.HoldsAsync(() => left.Exists(e => e.IsServed));
            var next = left.Find(e => e.IsServed)!;
            left.Remove(next);
            places[next.Key!] = places.GetValueOrDefault(next.Key!) + next.Exchange.Place.Places;
            next.Exchange.LeaveQueue();
        }

        Assert.InRange(places["many"], places["one"] * 0.7, places["one"] * 1.4);
    }

    [Fact]
    public async Task Higher_priority_goes_first()
    {
        var run = new QueueRun(concurrent: 1);
        var first = run.Enter("x");
        Entry[] waiting = [run.Enter("low", -1), run.Enter("middle"), run.Enter("high", 2), run.Enter("high", 2)];

        var served = await run.ServeAsync(first, waiting, 4);

        Assert.Equal(["high", "high", "middle", "low"], served.Select(s => s.Key));
    }

    [Fact]
    public async Task Who_waits_long_overtakes_whoever_comes_with_a_higher_priority()
    {
        // 40 s of waiting at most: a level a second.
        var run = new QueueRun(concurrent: 1, maxWait: 40);
        var first = run.Enter("x");
        var low = run.Enter("low", priority: 0);
        run.Time.Advance(TimeSpan.FromSeconds(5.5));
        Entry[] waiting = [low, run.Enter("five", 5), run.Enter("six", 6), run.Enter("four", 4)];

        // At five already: equal, and it was there first.
        var served = await run.ServeAsync(first, waiting, 4);

        Assert.Equal(["six", "low", "five", "four"], served.Select(s => s.Key));
    }

    [Fact]
    public async Task Lowest_priority_is_served_after_half_the_longest_wait_however_many_of_the_highest_come()
    {
        var run = new QueueRun(concurrent: 1, maxWait: 40);
        var served = run.Enter("high", KeyTerms.HighestPriority);
        var low = run.Enter("low", KeyTerms.LowestPriority);
        var high = new Queue<Entry>([run.Enter("high", KeyTerms.HighestPriority)]);
        var seconds = 0;
        while (!low.Answer.IsCompleted)
        {
            Assert.InRange(++seconds, 0, 22);
            high.Enqueue(run.Enter("high", KeyTerms.HighestPriority));
            run.Time.Advance(TimeSpan.FromSeconds(1));
            served.Exchange.LeaveQueue();
            await Task.WhenAny(low.Answer, high.Peek().Answer);
            served = low.Answer.IsCompleted ? low : high.Dequeue();
        }

        Assert.Null(await low.Answer);
        Assert.InRange(seconds, 20, 22);
    }
}
