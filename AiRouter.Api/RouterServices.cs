using AiRouter.Api.Admission;
using AiRouter.Api.Authentication;
using AiRouter.Api.Backends;
using AiRouter.Api.Backends.Anthropic;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.Triton;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Backends.Triton.Transcriptions;
using AiRouter.Api.Dialects;
using AiRouter.Api.Dialects.Kept;
using AiRouter.Api.Draining;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Health;
using AiRouter.Api.Objects;
using AiRouter.Api.Queueing;
using AiRouter.Api.Requests;
using AiRouter.Api.Routing;
using AiRouter.Api.Routing.Failover;
using AiRouter.Api.Routing.Targets;
using AiRouter.Api.Sockets;
using AiRouter.Api.Streaming;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Keys;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AiRouter.Api;

/// <summary>What the data plane is made of, in the order of a request's way.</summary>
internal static class RouterServices
{
    /// <summary>Adds the services. The configuration (<see cref="Core.Configuration.IRouterConfiguration"/>) comes from the caller.</summary>
    public static IServiceCollection AddRouter(this IServiceCollection services) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton(Random.Shared)
        .AddSingleton<RequestHandler>()
        .AddSingleton<StoredObjectHandler>()
        .AddAuthentication()
        .AddRequests()
        .AddRouting()
        .AddAdmission()
        .AddBackends()
        .AddStreaming()
        .AddTelemetry();

    /// <summary>Maps the middleware and the endpoints.</summary>
    public static WebApplication UseRouter(this WebApplication app)
    {
        app.UseMiddleware<AccessLog>();
        app.UseMiddleware<ErrorBoundary>();
        app.UseMiddleware<CrossOrigin>();
        app.UseMiddleware<BasePath>();
        app.UseMiddleware<TelemetryGuard>();
        app.UseRouting();
        app.MapInference();
        app.MapModels();
        app.MapStoredObjects();
        app.MapUnserved();
        app.MapUnknownPaths();
        return app;
    }

    private static IServiceCollection AddAuthentication(this IServiceCollection services) => services
        .AddKeyDirectory()
        .AddSingleton<ListenerScope>()
        .AddSingleton<Authenticator>();

    private static IServiceCollection AddRequests(this IServiceCollection services) => services
        .Configure<KestrelServerOptions>(static kestrel => kestrel.Limits.MaxRequestBodySize = null)
        .AddSingleton<BodyBudget>()
        .AddSingleton<SpoolFolder>()
        .AddSingleton<UploadReader>()
        .AddSingleton<BodyReader>();

    private static IServiceCollection AddRouting(this IServiceCollection services) => services
        .AddObjects()
        .AddHealth()
        .AddSingleton<RouteServices>()
        .AddSingleton<QueueMetrics>()
        .AddSingleton<ModelQueues>()
        .AddSingleton<ModelFallbacks>()
        .AddSingleton<Drain>()
        .AddKept()
        .AddSingleton<DialectTranslator>()
        .AddSingleton<Dispatcher>();

    // Without a store owners are known to this process only.
    private static IServiceCollection AddObjects(this IServiceCollection services) => services
        .AddSingleton<ObjectQueue>()
        .AddSingleton<IHostedService>(s => s.GetRequiredService<ObjectQueue>())
        .AddSingleton<ObjectOwners>()
        .AddSingleton<ObjectReferences>();

    private static IServiceCollection AddBackends(this IServiceCollection services) => services
        .AddSockets()
        .AddSingleton<HttpBackends>()
        .AddSingleton<IBackendFactory, OpenAiBackendFactory>()
        .AddSingleton<IBackendFactory, AnthropicBackendFactory>()
        .AddSingleton<PromptRenderer>()
        .AddSingleton<ChatReader>()
        .AddSingleton<CompletionReader>()
        .AddTranscriptions()
        .AddSingleton<TritonServices>()
        .AddSingleton<IBackendFactory, TritonBackendFactory>()
        .AddSingleton<RouterStates>();

    private static IServiceCollection AddStreaming(this IServiceCollection services) => services
        .AddSingleton<AnswerIds>()
        .AddSingleton<KeepAliveClock>();

    private static IServiceCollection AddTelemetry(this IServiceCollection services) => services
        .AddSingleton<RouterMetrics>()
        .AddSingleton<RequestMetrics>()
        .AddSingleton<RequestTracing>()
        .AddSingleton<AttemptMetrics>()
        .AddHostedService<ModelConfigMetrics>()
        .AddHostedService<ConfigurationMetrics>()
        .AddSingleton<RequestRecorder>()
        .AddSingleton<ReadinessReport>();
}
