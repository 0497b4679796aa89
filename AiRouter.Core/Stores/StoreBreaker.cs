namespace AiRouter.Core.Stores;

/// <summary>
/// Whether the store may be asked (R41): after <see cref="Threshold"/> failures in a row nobody is let through until a probe in the
/// background has worked.
/// </summary>
internal sealed class StoreBreaker
{
    /// <summary>Failures in a row that open it.</summary>
    public const int Threshold = 3;

    private readonly Lock _gate = new();
    private readonly List<Action<bool>> _listeners = [];
    private int _failures;
    private volatile string? _problem = "not connected yet";

    /// <summary>Whether callers are let through.</summary>
    public bool IsClosed => _problem is null;

    /// <summary>Why not.</summary>
    public string? Problem => _problem;

    /// <summary>A call worked while callers are let through.</summary>
    public void Succeeded() => Volatile.Write(ref _failures, 0);

    /// <summary>A call failed.</summary>
    public void Failed(string problem)
    {
        if (Interlocked.Increment(ref _failures) >= Threshold)
        {
            Set(problem);
        }
    }

    /// <summary>The connection is known to be gone.</summary>
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

    private void Set(string? problem)
    {
        Action<bool>[] listeners;
        lock (_gate)
        {
            var changes = (_problem is null) != (problem is null);
            _problem = problem;
            listeners = changes ? [.. _listeners] : [];
        }

        foreach (var listener in listeners)
        {
            listener(problem is null);
        }
    }
}
