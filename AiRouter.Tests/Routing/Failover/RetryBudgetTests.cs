using AiRouter.Api.Routing.Failover;
using AiRouter.Core.Configuration;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Routing.Failover;

/// <summary>No more retries than a share of the requests, and a reserve.</summary>
public sealed class RetryBudgetTests
{
    private static readonly RetryConfig NoReserve = new() { Budget = 0.2, MinPerSecond = 0 };

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Share_of_the_requests_and_no_more()
    {
        var budget = new RetryBudget(_time);
        Count(budget, 50);

        Assert.Equal(10, TakeAll(budget, NoReserve));
    }

    [Fact]
    public void Reserve_is_there_without_requests()
    {
        Assert.Equal(30, TakeAll(new RetryBudget(_time), new RetryConfig { Budget = 0, MinPerSecond = 3 }));
    }

    [Fact]
    public void Requests_count_for_ten_seconds()
    {
        var budget = new RetryBudget(_time);
        Count(budget, 50);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(budget.TryTake(NoReserve));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(budget.TryTake(NoReserve));
    }

    [Fact]
    public void Retry_that_did_not_take_place_is_given_back()
    {
        var budget = new RetryBudget(_time);
        Count(budget, 5);
        Assert.True(budget.TryTake(NoReserve));
        Assert.False(budget.TryTake(NoReserve));

        _time.Advance(TimeSpan.FromSeconds(2));
        budget.GiveBack();

        Assert.True(budget.TryTake(NoReserve));
    }

    [Fact]
    public async Task Many_at_once_take_no_more_than_there_is()
    {
        var budget = new RetryBudget(_time);
        Count(budget, 1000);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TakeAll(budget, NoReserve))));

        Assert.Equal(200, taken.Sum());
    }

    /// <summary>Whatever comes when: a retry is given exactly where the last ten seconds have room for it.</summary>
    [Property(MaxTest = 200)]
    public void Never_more_than_allowed(byte[] script, byte share, byte reserve)
    {
        var time = new FakeTimeProvider();
        var budget = new RetryBudget(time);
        var config = new RetryConfig { Budget = share % 5 / 4.0, MinPerSecond = reserve % 3 };
        var requests = new List<long>();
        var retries = new List<long>();
        foreach (var step in script)
        {
            var now = time.GetTimestamp() / time.TimestampFrequency;
            switch (step % 4)
            {
                case 0:
                    time.Advance(TimeSpan.FromMilliseconds(step * 20));
                    break;
                case 1:
                    var room = (config.Budget * requests.Count(Recent)) + (config.MinPerSecond * 10);
                    var taken = budget.TryTake(config);
                    Assert.Equal(retries.Count(Recent) + 1 <= room, taken);
                    retries.AddRange(taken ? [now] : []);
                    break;
                default:
                    budget.CountRequest();
                    requests.Add(now);
                    break;
            }

            bool Recent(long second) => second > now - RetryBudget.Seconds;
        }
    }

    private static void Count(RetryBudget budget, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            budget.CountRequest();
        }
    }

    private static int TakeAll(RetryBudget budget, RetryConfig config)
    {
        var taken = 0;
        while (budget.TryTake(config))
        {
            taken++;
        }

        return taken;
    }
}
