using AiRouter.Triton.Models;

namespace AiRouter.Tests.Triton.Models;

/// <summary>What is counted of lookups goes up only: a counter that goes back looks like a restart.</summary>
public sealed class ModelContractsTests
{
    private const int Names = 20_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_for_a_read_that_others_began_is_a_hit_and_a_read_that_fails_a_failure()
    {
        var answer = new TaskCompletionSource<TritonModel>();
        var contracts = new ModelContracts(_ => answer.Task);
        var first = contracts.GetAsync("model", Token).AsTask();
        var second = contracts.GetAsync("model", Token).AsTask();
        Assert.Equal(new ModelLookups(Known: 1, Hits: 1, Reads: 1, Failures: 0), contracts.Lookups);

        answer.SetException(new InvalidOperationException("away"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        Assert.Equal(new ModelLookups(Known: 0, Hits: 1, Reads: 1, Failures: 1), contracts.Lookups);
    }

    [Fact]
    public async Task Who_begins_a_read_is_no_hit_not_even_for_a_moment()
    {
        var never = new TaskCompletionSource<TritonModel>();
        var contracts = new ModelContracts(_ => never.Task);
        var asking = Task.Run(
            () =>
            {
                for (var name = 0; name < Names; name++)
                {
                    _ = contracts.GetAsync($"model-{name}", CancellationToken.None).AsTask();
                }
            },
            Token);

        while (!asking.IsCompleted)
        {
            Assert.Equal(0, contracts.Lookups.Hits);
        }

        await asking;
        Assert.Equal(Names, contracts.Lookups.Reads);
    }
}
