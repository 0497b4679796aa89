using System.Security.Cryptography;
using System.Text;
using AiRouter.Core.Stores;

namespace AiRouter.Core.Objects;

/// <summary>
/// The responses that the router itself keeps, for backends without a Responses API: JSON, with everything that a later request needs
/// to go on. Whose they are is told by <see cref="ObjectStore"/>, as for objects at backends.
/// </summary>
public sealed class ResponseStore(IStore store)
{
    /// <summary>The largest value kept, in bytes.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    private static readonly StoreScript Keep = new("Objects/keep.lua");
    private static readonly StoreScript Forget = new("Objects/forget.lua");

    /// <summary>Keeps a response.</summary>
    /// <param name="id">Its id, which the router has made.</param>
    /// <param name="json">What is kept.</param>
    /// <param name="lifetime">For how long.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="StoreUnavailableException">The store is away; it may be kept or not.</exception>
    public async ValueTask KeepAsync(string id, ReadOnlyMemory<byte> json, TimeSpan lifetime, CancellationToken cancellationToken) =>
        await store.RunAsync(
            Keep, [KeyOf(store, id)], [(long)lifetime.TotalMilliseconds, json], StoreDeadlines.Background, cancellationToken);

    /// <summary>Keeps an item of a response, so that a request can name it instead of having it.</summary>
    /// <param name="owner">The id of the key that it is for; null: made without a key.</param>
    /// <param name="id">Its id.</param>
    /// <param name="json">The item.</param>
    /// <param name="lifetime">For how long.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="StoreUnavailableException">The store is away; it may be kept or not.</exception>
    public async ValueTask KeepItemAsync(
        string? owner, string id, ReadOnlyMemory<byte> json, TimeSpan lifetime, CancellationToken cancellationToken) =>
        await store.RunAsync(
            Keep, [KeyOf(owner, id)], [(long)lifetime.TotalMilliseconds, json], StoreDeadlines.Background, cancellationToken);

    /// <summary>An item that was kept for this owner; null: there is none. A client's request waits for it (R41).</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask<byte[]?> FindItemAsync(string? owner, string id, CancellationToken cancellationToken) =>
        (byte[]?)await store.GetAsync(KeyOf(owner, id), StoreDeadlines.Request, cancellationToken);

    /// <summary>A response; null: it is not kept (any more). A client's request waits for it (R41).</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async ValueTask<byte[]?> FindAsync(string id, CancellationToken cancellationToken) =>
        (byte[]?)await store.GetAsync(KeyOf(store, id), StoreDeadlines.Request, cancellationToken);

    /// <summary>Forgets a response and its items. False: it was not kept.</summary>
    /// <param name="owner">The id of the key that it is for; null: made without a key.</param>
    /// <param name="id">Its id.</param>
    /// <param name="items">The ids of its items.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="StoreUnavailableException">The store is away; it may be forgotten or not.</exception>
    public async ValueTask<bool> ForgetAsync(string? owner, string id, IEnumerable<string> items, CancellationToken cancellationToken)
    {
        // The response last: while it is there, a client that was told to try again can.
        foreach (var item in items)
        {
            await store.RunAsync(Forget, [KeyOf(owner, item)], [], StoreDeadlines.Request, cancellationToken);
        }

        return (long)await store.RunAsync(Forget, [KeyOf(store, id)], [], StoreDeadlines.Request, cancellationToken) == 1;
    }

    /// <summary>The key of a response.</summary>
    internal static string KeyOf(IStore store, string id) => store.Key("response:" + id);

    // Clients make up ids: whatever it is, the key has one length, and another owner's another key.
    private string KeyOf(string? owner, string id) => store.Key(
        "response-item:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{owner}\n{id}"))));
}
