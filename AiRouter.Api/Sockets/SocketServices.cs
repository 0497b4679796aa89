using AiRouter.Api.Realtime;
using AiRouter.Api.Sockets.Turns;

namespace AiRouter.Api.Sockets;

/// <summary>Registers what WebSockets need.</summary>
internal static class SocketServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddSockets(this IServiceCollection services) => services
        .AddSingleton<RealtimeRelay>()
        .AddSingleton<SocketRelay>()
        .AddSingleton<TurnSessionHandler>();
}
