using AiRouter.Api.Authentication;
using AiRouter.Api.Backends;
using AiRouter.Api.Draining;
using AiRouter.Api.Health;
using AiRouter.Api.Routing.Signals;
using AiRouter.Api.Scheduling;
using AiRouter.Api.Telemetry;
using AiRouter.ServiceDefaults;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AiRouter.Api;

/// <summary>The whole process around the data plane: telemetry, health, logging. The configuration comes from the caller.</summary>
internal static class RouterHost
{
    private const string ServiceName = "ai_router";

    /// <summary>Where the router listens when nobody says: this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:3000";

    /// <summary>Connections at the same time: streams that wait for their next token hold one each.</summary>
    internal const int MostConnections = 16_384;

    /// <summary>Adds everything that <c>serve</c> runs.</summary>
    public static WebApplicationBuilder AddRouterHost(this WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults(new ServiceDefaultsOptions
        {
            ServiceName = ServiceName,
            Meters = [TelemetryNames.Source],
            ActivitySources = [TelemetryNames.Source],
            PathOnSpans = VisiblePath.Of,
        });
        builder.AddLogging();
        builder.ListenByDefault(DefaultUrl);
        builder.AddListenerLimits(MostConnections);
        builder.WebHost.UseSockets(SocketThreads.Apply);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionMemory.Factory>();

        // Only time in which a client does not read what waits for it counts, not time in which a model thinks. Without a
        // limit, a client that stops reading would hold its backend for ever.
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromMinutes(1)));
        builder.Services.AddSingleton<IKeyHistory, LatchedKeyHistory>();
        builder.Services.AddRouter();
        builder.Services.AddMeteringWhereStored();
        builder.Services.MeasureStore();
        builder.Services.AddHostedService<StoreMetrics>();
        builder.Services.AddHostedService<LoadSignalPoller>();
        builder.Services.AddProbes();
        builder.Services.AddDraining();
        return builder;
    }

    /// <summary>Maps everything that <c>serve</c> answers.</summary>
    public static WebApplication UseRouterHost(this WebApplication app)
    {
        var states = app.Services.GetRequiredService<RouterStates>();
        var readiness = app.Services.GetRequiredService<ReadinessReport>();
        var notice = app.Services.GetRequiredService<StopNotice>();
        app.UseDraining();
        app.UseRouter();
        app.MapDefaultEndpoints(new ReadinessContract
        {
            HasStarted = () =>
            {
                notice.Asked();
                return states.IsConfigured;
            },
            Details = readiness.DetailsAsync,
        });
        return app;
    }

    private static void AddLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.AddLines();
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);

        // It logs the texts of failed calls at Information, and those hold prompts (R39).
        builder.Logging.AddFilter("Grpc", LogLevel.Critical);

        // The only exception that leaves a handler is BrokenStreamException, which is how a broken stream has to end (R40);
        // everything else was caught and logged by ErrorBoundary. Kestrel would report each as an application error.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
    }
}
