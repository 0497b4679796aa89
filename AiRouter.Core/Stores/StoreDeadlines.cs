namespace AiRouter.Core.Stores;

/// <summary>How long callers wait for the store.</summary>
public static class StoreDeadlines
{
    /// <summary>A client's request waits (R41).</summary>
    public static readonly TimeSpan Request = TimeSpan.FromMilliseconds(250);

    /// <summary>Nobody waits but the router itself, or an operator.</summary>
    public static readonly TimeSpan Background = TimeSpan.FromSeconds(5);
}
