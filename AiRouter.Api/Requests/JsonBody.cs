using AiRouter.Api.Errors;

namespace AiRouter.Api.Requests;

/// <summary>A JSON body in pooled memory, with its top-level members by offset.</summary>
internal sealed class JsonBody(PooledBytes bytes, JsonIndex index) : RequestBody
{
    /// <summary>The body as the client sent it.</summary>
    public ReadOnlyMemory<byte> Json => index.Json;

    /// <summary>Where its members are.</summary>
    public JsonIndex Index => index;

    /// <summary>A body that the router has made; counted in the budget as if it had been read.</summary>
    /// <returns>Null when there is no room for it.</returns>
    public static JsonBody? Of(ReadOnlySpan<byte> json, BodyBudget budget, long maxBuffered, out ApiError? error)
    {
        var bytes = new PooledBytes(budget);
        error = bytes.Copy(json, maxBuffered);
        if (error is null && JsonIndex.Read(bytes.Memory, out error) is { } index)
        {
            return new JsonBody(bytes, index);
        }

        bytes.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        index.Dispose();
        bytes.Dispose();
    }
}
