using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.SignalR;

namespace AiRouter.Admin.Session;

/// <summary>What an open page may take; the numbers stand in docs/security.md.</summary>
internal static class CircuitLimits
{
    /// <summary>Open pages at a time, those included whose browser has gone and may come back. Each holds a few hundred KiB.</summary>
    public const int MostCircuits = 200;

    /// <summary>Pages whose browser has gone that are kept, in case it comes back.</summary>
    public const int MostRetained = 20;

    /// <summary>The largest message of a browser: a configuration document or a chat template that is pasted.</summary>
    public const int MessageBytes = 2 * 1024 * 1024;

    /// <summary>For how long they are kept.</summary>
    public static readonly TimeSpan Retained = TimeSpan.FromMinutes(3);

    /// <summary>Sets what a circuit may take.</summary>
    public static void Set(CircuitOptions circuit)
    {
        circuit.DetailedErrors = false;
        circuit.DisconnectedCircuitMaxRetained = MostRetained;
        circuit.DisconnectedCircuitRetentionPeriod = Retained;
        circuit.JSInteropDefaultCallTimeout = TimeSpan.FromSeconds(30);
        circuit.MaxBufferedUnacknowledgedRenderBatches = 10;
    }

    /// <summary>Sets what its connection may take.</summary>
    public static void Set(HubOptions hub)
    {
        hub.EnableDetailedErrors = false;
        hub.MaximumReceiveMessageSize = MessageBytes;
        hub.HandshakeTimeout = TimeSpan.FromSeconds(15);
        hub.KeepAliveInterval = TimeSpan.FromSeconds(15);
        hub.ClientTimeoutInterval = TimeSpan.FromSeconds(45);
        hub.StreamBufferCapacity = 10;
    }
}
