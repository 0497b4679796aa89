namespace AiRouter.Core.Stores;

/// <summary>Ends something once.</summary>
internal sealed class Registration(Action end) : IDisposable
{
    private Action? _end = end;

    public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
