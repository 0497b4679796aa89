namespace AiRouter.Core.Stores;

/// <summary>
/// Whether the store may be asked (R41): after <see cref="Threshold"/> failures in a row nobody is let through until a probe in the
/// background has worked, and who waits at that moment waits no longer.
/// </summary>
internal sealed class StoreBreaker : IDisposable
{
    /// <summary>Failures in a row that open it: one slow call is none of its business.</summary>
    public const int Threshold = 3;

    private readonly Lock _gate = new();
    private readonly List<Action<bool>> _listeners = [];
    private CancellationTokenSource _opened = new();
    private int _failures;
    private volatile string? _problem = "not connected yet";

    /// <summary>Whether callers are let through.</summary>
    public bool IsClosed => _problem is null;

    /// <summary>Why not.</summary>
    public string? Problem => _problem;

    /// <summary>Cancelled when it opens.</summary>
    public CancellationToken Opened => Volatile.Read(ref _opened).Token;

    /// <summary>A call worked while callers are let through.</summary>
    public void Succeeded()
    {
        // Read first: a write by every call would move the cache line between the cores.
        if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
        }
    }

    /// <summary>A call failed.</summary>
    public void Failed(string problem)
    {
        if (Interlocked.Increment(ref _failures) >= Threshold)
        {
            Set(problem);
        }
    }

    /// <summary>It is certain that no call can work.</summary>
    public void Open(string problem) => Set(problem);

    /// <summary>The probe has worked.</summary>
    public void Close()
    {
        Volatile.Write(ref _failures, 0);
        Set(null);
    }

    /// <summary>See <see cref="IStore.OnAvailabilityChange"/>.</summary>
    public IDisposable OnChange(Action<bool> changed)
    {
        lock (_gate)
        {
            _listeners.Add(changed);
        }

        return new Registration(() =>
        {
            lock (_gate)
            {
                _listeners.Remove(changed);
            }
        });
    }

    /// <summary>Opens for good, and tells nobody.</summary>
    public void Dispose()
    {
        _problem = "the process stops";
        _opened.Dispose();
    }

    private void Set(string? problem)
    {
        Action<bool>[] listeners;
        CancellationTokenSource? opened = null;
        lock (_gate)
        {
            if ((_problem is null) == (problem is null))
            {
                _problem = problem;
                return;
            }

            if (problem is null)
            {
                _opened = new CancellationTokenSource();
            }
            else
            {
                opened = _opened;
            }

            _problem = problem;
            listeners = [.. _listeners];
        }

        // Not disposed of: somebody may be about to wait for it, and without a timer it holds nothing.
        opened?.Cancel();
        foreach (var listener in listeners)
        {
            listener(problem is null);
        }
    }
}
