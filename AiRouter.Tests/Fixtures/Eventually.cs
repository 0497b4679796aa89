namespace AiRouter.Tests.Fixtures;

/// <summary>
/// Waits for what the router does after its answer: a client has the last byte before the handler has given back what it held.
/// </summary>
internal static class Eventually
{
    /// <summary>How long a condition may take: only a test that fails takes it.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Returns once <paramref name="condition"/> holds; fails when it does not within <see cref="Deadline"/>.</summary>
    public static Task HoldsAsync(Func<bool> condition) => HoldsAsync(() => Task.FromResult(condition()));

    /// <inheritdoc cref="HoldsAsync(Func{bool})"/>
    public static async Task HoldsAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        while (!await condition())
        {
            await Task.Delay(5, deadline.Token);
        }
    }
}
