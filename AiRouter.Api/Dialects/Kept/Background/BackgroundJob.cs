using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Responses;

namespace AiRouter.Api.Dialects.Kept.Background;

/// <summary>
/// A response that is made in the background; a feature of the request that is made for it. It ends once: as cancelled, or with what has
/// come of that request.
/// </summary>
/// <param name="kept">The response as it begins.</param>
/// <param name="owner">The id of the key that asked; null: asked without one.</param>
/// <param name="lifetime">For how long it is kept.</param>
/// <param name="bytes">How much it holds.</param>
/// <param name="ending">Ends the work.</param>
internal sealed class BackgroundJob(KeptResponse kept, string? owner, TimeSpan lifetime, int bytes, CancellationTokenSource ending)
    : IDisposable
{
    private readonly Lock _lock = new();
    private volatile string _status = JobStatus.Queued;
    private volatile bool _isAbandoned;
    private KeptResponse? _end;
    private bool _isDisposed;

    /// <summary>The id of the response.</summary>
    public string Id { get; } = kept.Response["id"]!.ToString();

    /// <summary>The response as it began.</summary>
    public KeptResponse Begun => kept;

    /// <summary>The id of the key that asked; null: asked without one.</summary>
    public string? Owner => owner;

    /// <summary>For how long it is kept.</summary>
    public TimeSpan Lifetime => lifetime;

    /// <summary>How much it holds.</summary>
    public int Bytes => bytes;

    /// <summary>Cancelled when the work is to end.</summary>
    public CancellationToken Ending { get; } = ending.Token;

    /// <summary>When it was asked for, in seconds since 1970.</summary>
    public long Created { get; } = (long)kept.Response["created_at"]!;

    /// <summary>Its response is forgotten.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <summary>The job stands so while it works.</summary>
    public string Status => _status;

    /// <summary>What a model has answered; null: nothing yet.</summary>
    public KeptResponse? Answer { get; private set; }

    /// <summary>Adds the answer to the conversation, behind a task that says whether it counts; null: it belongs to none.</summary>
    public Action<Task<bool>>? Append { get; private set; }

    /// <summary>The response as it stands.</summary>
    public KeptResponse Current
    {
        get
        {
            lock (_lock)
            {
                return _end ?? kept.With(_status);
            }
        }
    }

    /// <summary>The job that a request is made for; null: a client makes it.</summary>
    public static BackgroundJob? Of(HttpContext http) => http.Features.Get<BackgroundJob>();

    /// <summary>The same request, answered while somebody waits.</summary>
    public static JsonObject InForeground(JsonObject request)
    {
        var other = (JsonObject)request.DeepClone();
        other.Remove("background");
        return other;
    }

    /// <summary>A backend is asked.</summary>
    public void Began() => _status = ItemStatus.InProgress;

    /// <summary>A model has answered.</summary>
    public void Answered(KeptResponse answer, Action<Task<bool>> append) => (Answer, Append) = (answer, append);

    /// <summary>Cancels it. False: it has ended.</summary>
    public bool TryCancel()
    {
        lock (_lock)
        {
            if (_end is not null)
            {
                return _end.Status == JobStatus.Cancelled;
            }

            _end = kept.With(JobStatus.Cancelled);
        }

        Stop();
        return true;
    }

    /// <summary>Nobody wants to see it any more.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        TryCancel();
    }

    /// <summary>Ends the work, whatever has come of it by then.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                // Who waits for the token goes on elsewhere.
                _ = ending.CancelAsync();
            }
        }
    }

    /// <summary>It has ended so, unless it was cancelled before. What it ended as.</summary>
    public KeptResponse End(KeptResponse end)
    {
        lock (_lock)
        {
            return _end ??= end;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            ending.Dispose();
        }
    }
}
