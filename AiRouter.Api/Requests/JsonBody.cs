namespace AiRouter.Api.Requests;

/// <summary>A JSON body in pooled memory, with its top-level members by offset.</summary>
internal sealed class JsonBody(PooledBytes bytes, JsonIndex index) : RequestBody
{
    /// <summary>The body as the client sent it.</summary>
    public ReadOnlyMemory<byte> Json => index.Json;

    /// <summary>Where its members are.</summary>
    public JsonIndex Index => index;

    /// <inheritdoc/>
    public override void Dispose()
    {
        index.Dispose();
        bytes.Dispose();
    }
}
