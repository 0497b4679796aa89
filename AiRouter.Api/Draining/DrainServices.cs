using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AiRouter.Api.Draining;

/// <summary>Registers what a process needs to stop in good order.</summary>
internal static class DrainServices
{
    /// <summary>Adds it to a process that serves.</summary>
    public static IServiceCollection AddDraining(this IServiceCollection services)
    {
        var connections = new OpenConnections();
        return services
            .Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureEndpointDefaults(listen =>
                listen.Use(next => connection => connections.RunAsync(connection, next))))
            .AddSingleton(connections)
            .AddSingleton<StopNotice>()
            .AddSingleton<StopSignals>()
            .AddHostedService(static s => s.GetRequiredService<StopSignals>())
            .AddHostedService<DrainService>();
    }

    /// <summary>Answers that are sent while the router stops end their connections.</summary>
    public static IApplicationBuilder UseDraining(this IApplicationBuilder app)
    {
        var drain = app.ApplicationServices.GetRequiredService<Drain>();
        return app.Use((http, next) =>
        {
            if (drain.HasBegun)
            {
                http.Response.Headers.Connection = "close";
            }

            return next(http);
        });
    }
}
