namespace AiRouter.Core.Keys;

/// <summary>What a router knows of the store's keys: kept on disk, it lets the router start while the store is away (R36).</summary>
/// <param name="Keys">The keys; revoked ones include those that an earlier store knew.</param>
/// <param name="SeenAt">When they were last known to be the store's: <c>store.maxStaleHours</c> count from then.</param>
/// <param name="Lost">The keys of before, when the store was emptied and has got others since.</param>
public sealed record KeyCopy(KeySnapshot Keys, DateTimeOffset SeenAt, KeyCopy? Lost = null)
{
    /// <summary>As JSON. It holds hashes, no secrets.</summary>
    public byte[] ToJson() => KeyJson.Write(this);

    /// <summary>What <see cref="ToJson"/> has written.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is something else.</exception>
    public static KeyCopy FromJson(ReadOnlySpan<byte> json) => KeyJson.ReadCopy(json);
}
