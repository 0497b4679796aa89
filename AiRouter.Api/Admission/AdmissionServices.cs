using AiRouter.Core.Limits;

namespace AiRouter.Api.Admission;

/// <summary>Registers the admission of requests.</summary>
internal static class AdmissionServices
{
    /// <summary>Adds it, and the ledger that it asks.</summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services) => services
        .AddLimits()
        .AddSingleton<KnownStandings>()
        .AddSingleton<LimitMetrics>()
        .AddSingleton<LocalLedger>()
        .AddSingleton<SettlementQueue>()
        .AddSingleton<RunningReservations>()
        .AddSingleton<EarlyRefusal>()
        .AddSingleton<RequestAdmission>()
        .AddHostedService<LimitNotices>()
        .AddHostedService(static s => s.GetRequiredService<RunningReservations>())
        .AddHostedService(static s => s.GetRequiredService<SettlementQueue>());
}
