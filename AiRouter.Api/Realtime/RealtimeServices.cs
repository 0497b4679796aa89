namespace AiRouter.Api.Realtime;

/// <summary>Registers what realtime sessions need.</summary>
internal static class RealtimeServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddRealtime(this IServiceCollection services) => services.AddSingleton<RealtimeRelay>();
}
