using AiRouter.Core.Limits;
using AiRouter.Core.Stores.Replicas;

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
        .AddSingleton<IReplicaReportSource>(static s => s.GetRequiredService<SettlementQueue>())
        .AddHostedService<LimitNotices>()
        .AddHostedService(static s => s.GetRequiredService<RunningReservations>())
        .AddHostedService(static s => s.GetRequiredService<SettlementQueue>());
}
