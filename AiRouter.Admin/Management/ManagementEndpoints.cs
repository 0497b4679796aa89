using AiRouter.Admin.Management.AdminKeys;
using AiRouter.Admin.Management.Audit;
using AiRouter.Admin.Management.BackendChecks;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Keys;
using AiRouter.Admin.Management.Limits;
using AiRouter.Admin.Management.Live;
using AiRouter.Admin.Management.Models;
using AiRouter.Admin.Management.Playground;
using AiRouter.Admin.Management.PromptFormats;
using AiRouter.Admin.Management.Replicas;
using AiRouter.Admin.Management.Usage;

namespace AiRouter.Admin.Management;

/// <summary>The management API: every operation translates HTTP to a service and back, and does nothing else.</summary>
internal static class ManagementEndpoints
{
    /// <summary>What all paths begin with.</summary>
    public const string Root = "/api/v1";

    /// <summary>Adds the services, by folder.</summary>
    public static IServiceCollection AddManagement(this IServiceCollection services) => services
        .AddSingleton<ConfigurationChecks>()
        .AddSingleton<FieldLocks>()
        .AddSingleton<ConfigurationEditor>()
        .AddSingleton<ConfigurationReview>()
        .AddSingleton<SectionEditor>()
        .AddSingleton<BackendAccess>()
        .AddSingleton<BackendCheck>()
        .AddSingleton<BackendEditor>()
        .AddSingleton<RepositoryControl>()
        .AddSingleton<KeyChecks>()
        .AddSingleton<KeyEditor>()
        .AddSingleton<AdminKeyEditor>()
        .AddModels()
        .AddSingleton<AuditTrail>()
        .AddSingleton<LimitStandings>()
        .AddSingleton<UsageReports>()
        .AddSingleton<UsageHistory>()
        .AddSingleton<LiveFigures>()
        .AddPlayground()
        .AddPromptFormats();

    /// <summary>Maps all operations.</summary>
    public static void MapManagement(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(Root);
        api.MapEntries(DocumentParts.Backends);
        api.MapEntries(DocumentParts.Models);
        api.MapBackendChecks();
        api.MapSection(DocumentParts.Defaults);
        api.MapSection(DocumentParts.Limits);
        api.MapSection(DocumentParts.Metering);
        api.MapSection(DocumentParts.Server);
        api.MapConfiguration();
        api.MapKeys();
        api.MapExplanations();
        api.MapLimits();
        api.MapUsage();
        api.MapLive();
        api.MapPromptFormats();
        api.MapReplicas();
        api.MapAudit();
        api.MapAdminKeys();
    }
}
