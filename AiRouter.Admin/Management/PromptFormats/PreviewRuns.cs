using AiRouter.Admin.Management.Failures;
using AiRouter.Prompting.Jinja;

namespace AiRouter.Admin.Management.PromptFormats;

/// <summary>
/// Runs templates that anybody may have pasted: a few at a time, each on a thread of its own (a template computes and never waits), with
/// small budgets and a deadline.
/// </summary>
internal sealed class PreviewRuns(TimeProvider time) : IDisposable
{
    /// <summary>How many run at the same time.</summary>
    public const int MostRuns = 2;

    /// <summary>How long a preview may take. Real templates take milliseconds.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(2);

    // Between two looks at the deadline little happens, but a busy machine may do something else.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What one rendering may use: a tenth of what a request's may, which is still more than an editor shows.</summary>
    private static readonly JinjaLimits Limits = new() { Steps = 4_000_000, OutputBytes = 512 * 1024, WorkingSize = 2_000_000 };

    private readonly SemaphoreSlim _slots = new(MostRuns);

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    /// <summary>What <paramref name="work"/> makes, or why it was not made.</summary>
    public Task<Outcome<T>> RunAsync<T>(Func<JinjaOptions, T> work, CancellationToken cancellationToken)
        where T : class => RunAsync(work, Limits, MostTime, cancellationToken);

    /// <summary>As <see cref="RunAsync{T}(Func{JinjaOptions, T}, CancellationToken)"/>, for what an operator put into the folders.</summary>
    public Task<Outcome<T>> RunTrustedAsync<T>(Func<JinjaOptions, T> work, CancellationToken cancellationToken)
        where T : class => RunAsync(work, JinjaLimits.Default, Patience, cancellationToken);

    private async Task<Outcome<T>> RunAsync<T>(
        Func<JinjaOptions, T> work, JinjaLimits limits, TimeSpan most, CancellationToken cancellationToken)
        where T : class
    {
        if (!await _slots.WaitAsync(Patience, cancellationToken))
        {
            return new ManagementFailure(FailureKind.Refused, "Too many previews are under way. Try again in a few seconds.");
        }

        var deadline = new CancellationTokenSource(most, time);
        var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var run = Task.Factory.StartNew(
            () =>
            {
                // Whoever asked may be gone by the end: the slot is free when the thread is.
                try
                {
                    return work(new JinjaOptions { Limits = limits, Clock = time, Deadline = end.Token });
                }
                finally
                {
                    end.Dispose();
                    deadline.Dispose();
                    _slots.Release();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            return await run.WaitAsync(most + Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new ManagementFailure(FailureKind.Refused, "The preview takes too long.");
        }
    }
}
