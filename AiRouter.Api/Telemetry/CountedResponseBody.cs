using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Api.Telemetry;

/// <summary>A response body whose bytes are counted while they are written: what the access log calls <c>sent</c>.</summary>
internal sealed class CountedResponseBody(IHttpResponseBodyFeature body) : ObservedResponseBody(body)
{
    private long _count;

    /// <summary>The bytes so far, of the body alone.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    protected override void Observe(ReadOnlySpan<byte> bytes) => _count += bytes.Length;
}
