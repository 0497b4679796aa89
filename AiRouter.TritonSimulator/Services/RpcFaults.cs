using Microsoft.AspNetCore.Connections.Features;

namespace AiRouter.TritonSimulator.Services;

/// <summary>Breaks the RPC of a request, below gRPC.</summary>
internal sealed class RpcFaults(HttpContext context)
{
    /// <summary>RST_STREAM: this RPC dies, the connection lives.</summary>
    public void Reset()
    {
        context.Abort();
    }

    /// <summary>The TCP connection dies with everything on it.</summary>
    public void Drop()
    {
        context.Features.Get<IConnectionLifetimeFeature>()?.Abort();
    }
}
