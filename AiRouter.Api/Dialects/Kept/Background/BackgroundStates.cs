using AiRouter.Api.Errors;
using AiRouter.Api.Objects;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Dialects.Kept.Background;

/// <summary>How responses stand that may be made in the background, here or at another replica.</summary>
internal sealed class BackgroundStates(BackgroundJobs jobs, KeptResponses responses, IStore? store = null)
{
    private readonly ResponseJobStore? _store = store is null ? null : new ResponseJobStore(store);

    /// <summary>A response as it stands; or why there is none.</summary>
    public async ValueTask<(KeptResponse? Kept, ApiError? Error)> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (jobs.Find(id) is { } job)
        {
            return job.IsAbandoned ? (null, ObjectIds.NotFound(id)) : (job.Current, null);
        }

        var (kept, error) = await responses.FindAsync(id, cancellationToken);
        if (kept is null || !JobStatus.IsOpen(kept.Status))
        {
            return (kept, error);
        }

        try
        {
            if (await _store!.FindStatusAsync(id, cancellationToken) is { } status)
            {
                return (kept.With(status), null);
            }
        }
        catch (StoreUnavailableException)
        {
            return (null, ObjectIds.Unknown(id));
        }

        // Its end may have come in between.
        (kept, error) = await responses.FindAsync(id, cancellationToken);
        return kept is null || !JobStatus.IsOpen(kept.Status)
            ? (kept, error)
            : (kept.Failed("server_error", "The router that made this response is gone. Please ask again."), null);
    }

    /// <summary>Cancels a response, unless it has ended. How it stands then; or why it cannot be cancelled.</summary>
    public async ValueTask<(KeptResponse? Kept, ApiError? Error)> CancelAsync(string id, CancellationToken cancellationToken)
    {
        var isCancelled = jobs.Find(id) is { } job && job.TryCancel();
        var (kept, error) = await FindAsync(id, cancellationToken);
        if (kept is null)
        {
            return (null, error);
        }

        if ((bool?)kept.Response["background"] != true)
        {
            return (null, new ApiError(
                ErrorCause.InvalidRequest, "Only a response that was made in the background can be cancelled.", "response_id"));
        }

        if (!isCancelled && !JobStatus.IsOpen(kept.Status))
        {
            return (kept, null);
        }

        try
        {
            var cancelled = kept.With(JobStatus.Cancelled);
            return await _store!.CancelAsync(id, cancelled.ToJson(), cancellationToken) || isCancelled
                ? (cancelled, null)
                : await FindAsync(id, cancellationToken);
        }
        catch (StoreUnavailableException) when (isCancelled)
        {
            // The job that ends here tells the store when it is back.
            return (kept, null);
        }
        catch (StoreUnavailableException)
        {
            return (null, ObjectIds.Unknown(id));
        }
    }

    /// <summary>Nobody wants a response any more that may be made here.</summary>
    public void Abandon(string id) => jobs.Find(id)?.Abandon();
}
