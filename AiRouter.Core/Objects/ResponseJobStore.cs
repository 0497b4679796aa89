using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Objects;

/// <summary>
/// Responses that a router makes in the background. What <see cref="ResponseStore"/> holds of one is how it began, until it ends; beside it
/// lies a sign of life with a short time to live, which says how the job stands. Without one the router that worked on it is gone.
/// </summary>
public sealed class ResponseJobStore(IStore store)
{
    /// <summary>The sign of life of a job that was cancelled.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>How long a job that was cancelled at another replica can find that out: longer than any job takes.</summary>
    private static readonly TimeSpan CancelTime = TimeSpan.FromHours(6);

    private static readonly StoreScript Begin = new("Objects/job-begin.lua");
    private static readonly StoreScript Beat = new("Objects/job-beat.lua");
    private static readonly StoreScript End = new("Objects/job-end.lua");
    private static readonly StoreScript Cancel = new("Objects/job-cancel.lua");

    /// <summary>Keeps the response as it begins. A client's request waits for it (R41).</summary>
    /// <param name="id">Its id, which the router has made.</param>
    /// <param name="json">What is kept.</param>
    /// <param name="lifetime">For how long.</param>
    /// <param name="status">How the job stands.</param>
    /// <param name="holds">How long that counts.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="StoreUnavailableException">The store is away; it may be kept or not.</exception>
    public async ValueTask BeginAsync(
        string id, ReadOnlyMemory<byte> json, TimeSpan lifetime, string status, TimeSpan holds, CancellationToken cancellationToken) =>
        await store.RunAsync(
            Begin, KeysOf(id), [Milliseconds(lifetime), json, status, Milliseconds(holds)], StoreDeadlines.Request, cancellationToken);

    /// <summary>Says that the job lives. False: it is to end, as it was cancelled or its response is forgotten.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask<bool> BeatAsync(string id, string status, TimeSpan holds, CancellationToken cancellationToken) =>
        (long)await store.RunAsync(
            Beat, KeysOf(id), [status, Milliseconds(holds)], StoreDeadlines.Background, cancellationToken) == 1;

    /// <summary>Keeps what has come of it. False: it was cancelled or forgotten before, and that stays.</summary>
    /// <exception cref="StoreUnavailableException">The store is away; it may be kept or not.</exception>
    public async ValueTask<bool> EndAsync(string id, ReadOnlyMemory<byte> json, TimeSpan lifetime, CancellationToken cancellationToken) =>
        (long)await store.RunAsync(
            End, KeysOf(id), [Milliseconds(lifetime), json], StoreDeadlines.Background, cancellationToken) == 1;

    /// <summary>Cancels it, whichever router works on it. False: nobody does.</summary>
    /// <param name="id">The response's id.</param>
    /// <param name="json">What is kept from now on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="StoreUnavailableException">The store is away; it may be cancelled or not.</exception>
    public async ValueTask<bool> CancelAsync(string id, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        (long)await store.RunAsync(
            Cancel, KeysOf(id), [json, Milliseconds(CancelTime)], StoreDeadlines.Request, cancellationToken) == 1;

    /// <summary>How the job stands; null: nobody works on it. A client's request waits for it (R41).</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask<string?> FindStatusAsync(string id, CancellationToken cancellationToken) =>
        await store.GetAsync(LifeOf(id), StoreDeadlines.Request, cancellationToken);

    private RedisKey[] KeysOf(string id) => [ResponseStore.KeyOf(store, id), LifeOf(id)];

    private string LifeOf(string id) => store.Key("response-job:" + id);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
