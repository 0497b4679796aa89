using AiRouter.Core.Metering;
using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Api.Telemetry;

/// <summary>A response body of which a copy is taken while it is written.</summary>
internal sealed class CopiedResponseBody(IHttpResponseBodyFeature body, BodyExcerpt copy) : ObservedResponseBody(body)
{
    /// <inheritdoc/>
    protected override void Observe(ReadOnlySpan<byte> bytes) => copy.Append(bytes);
}
