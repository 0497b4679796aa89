using System.Text.Json;

namespace AiRouter.Tests.EndToEnd;

public sealed class TritonModelListTests
{
    [Fact]
    public async Task Model_list_says_that_a_simulator_answers()
    {
        await using var router = await TritonRouter.StartAsync();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));

        // The server is asked in the background: the list never waits for it.
        while (await OwnerAsync(router, deadline.Token) == "airouter")
        {
            await Task.Delay(20, deadline.Token);
        }

        Assert.Equal("triton-simulator", await OwnerAsync(router, deadline.Token));
    }

    [Fact]
    public async Task Model_list_of_a_dead_triton_is_whole()
    {
        await using var router = await TritonRouter.StartAsync();
        await router.Triton.KillAsync();

        var ids = (await ListAsync(router, TestContext.Current.CancellationToken)).Select(m => m.GetProperty("id").GetString());

        Assert.Contains("chat", ids);
    }

    private static async Task<string?> OwnerAsync(TritonRouter router, CancellationToken cancellationToken) =>
        (await ListAsync(router, cancellationToken))[0].GetProperty("owned_by").GetString();

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(TritonRouter router, CancellationToken cancellationToken)
    {
        var body = await router.Router.Http.GetStringAsync("models", cancellationToken);
        return [.. JsonDocument.Parse(body).RootElement.GetProperty("data").EnumerateArray()];
    }
}
