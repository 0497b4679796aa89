namespace AiRouter.Core.Stores;

/// <summary>The store is away or too slow. What was asked may or may not have been done.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>With the reason in words that hold neither address nor password.</summary>
    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With what the client library said.</summary>
    public StoreUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
