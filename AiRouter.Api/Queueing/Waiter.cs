using AiRouter.Api.Errors;

namespace AiRouter.Api.Queueing;

/// <summary>
/// A request that waits for its places; its task ends with null (it has them) or with why it gets none.
/// </summary>
/// <param name="queue">Where.</param>
/// <param name="places">How many it asks for.</param>
/// <param name="arrival">When it began to wait, as a timestamp.</param>
internal sealed class Waiter(ModelQueue queue, int places, long arrival)
    : TaskCompletionSource<ApiError?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Where it waits.</summary>
    public ModelQueue Queue => queue;

    /// <summary>The places that it asks for; of a smaller limit it gets all there are.</summary>
    public int Places => places;

    /// <summary>The places that it was given.</summary>
    public int Granted { get; set; }

    /// <summary>When it began to wait.</summary>
    public long Arrival => arrival;

    /// <summary>Whose it is; null once it waits no longer.</summary>
    public WaitingKey? Key { get; set; }

    /// <summary>Where it stands among those of its key.</summary>
    public LinkedListNode<Waiter>? InKey { get; set; }

    /// <summary>Where it stands among all, by arrival.</summary>
    public LinkedListNode<Waiter>? InLine { get; set; }
}
