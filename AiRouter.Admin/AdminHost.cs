using System.Text.Json;
using System.Text.Json.Serialization;
using AiRouter.Admin.Authentication;
using AiRouter.Admin.Authentication.Proxies;
using AiRouter.Admin.Management;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.OpenApi;
using AiRouter.Admin.Session;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration.Stored;
using AiRouter.Core.Keys;
using AiRouter.Core.Limits;
using AiRouter.Core.Metering;
using AiRouter.Core.Playground;
using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;
using AiRouter.ServiceDefaults;

namespace AiRouter.Admin;

/// <summary>The whole process: the shared store, authentication, the management API, the pages, telemetry.</summary>
internal static class AdminHost
{
    /// <summary>Where Admin listens when nobody says: this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:3001";

    /// <summary>Lists what pages are made of (scripts, styles, fonts): written by the build, beside the assembly.</summary>
    internal const string StaticAssets = "AiRouter.Admin.staticwebassets.endpoints.json";

    private const string ServiceName = "airouter_admin";

    /// <summary>Connections at the same time: a few people and their tools.</summary>
    internal const int MostConnections = 1024;

    /// <summary>Adds everything.</summary>
    public static WebApplicationBuilder AddAdmin(this WebApplicationBuilder builder, AdminOptions options)
    {
        builder.AddServiceDefaults(new ServiceDefaultsOptions { ServiceName = ServiceName });
        builder.Logging.AddLines();
        builder.AddListener();
        builder.BelieveListedProxiesOnly();

        // From build output too, in Production too: without this blazor.web.js came with 0 bytes there.
        builder.WebHost.UseStaticWebAssets();
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(options)
            .ConfigureHttpJsonOptions(static json => Configure(json.SerializerOptions))
            .AddStore(options.Store)
            .AddReplicas("admin")
            .AddConfigurationStore()
            .AddKeyStore()
            .AddLimits()
            .AddUsageStore()
            .AddAdministration()
            .AddPlaygroundTokens(options.EncryptionKeys)
            .AddAdminAuthentication(options.Access)
            .AddManagement()
            .AddManagementDocument()
            .AddPages();
        return builder;
    }

    /// <summary>Maps everything.</summary>
    public static WebApplication UseAdmin(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseMiddleware<FailureBoundary>();
        app.UseMiddleware<BrowserGuard>();
        app.UseMiddleware<AnswerHeaders>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseMiddleware<CircuitGate>();
        app.MapManagement();
        app.MapPages();
        app.MapOpenApi(ManagementDocument.Path).AllowAnonymous();
        app.MapDefaultEndpoints(new ReadinessContract { HasStarted = static () => true });
        WarnOfShortKey(app);
        return app;
    }

    // Names as the configuration document has them.
    private static void Configure(JsonSerializerOptions json)
    {
        json.NumberHandling = JsonNumberHandling.Strict;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static void AddListener(this WebApplicationBuilder builder)
    {
        builder.ListenByDefault(DefaultUrl);
        builder.AddListenerLimits(MostConnections);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = RequestBodies.MostBytes);
    }

    private static void WarnOfShortKey(WebApplication app)
    {
        if (app.Services.GetRequiredService<AdminOptions>().AdminKey is { Length: < AdminOptions.ShortestGoodKey })
        {
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AdminHost).FullName!).LogShortKey(
                AdminOptions.AdminKeyVariable, AdminOptions.ShortestGoodKey);
        }
    }
}
