using System.Net;
using AiRouter.TritonSimulator.Services;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace AiRouter.TritonSimulator.Hosting;

/// <summary>Makes the web application of a simulated server: gRPC on HTTP/2, and the HTTP pages on a port of their own.</summary>
internal static class SimulatorHost
{
    public static WebApplication Build(WebApplicationBuilder builder, SimulatorState state, IPEndPoint grpc)
    {
        builder.Services.AddSingleton(state);
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = null;
            options.MaxSendMessageSize = null;
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, state, grpc));

        var app = builder.Build();
        app.MapGrpcService<InferenceService>();
        app.MapGrpcService<HealthService>();
        app.MapHttpPages(state);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, SimulatorState state, IPEndPoint grpc)
    {
        var limits = kestrel.Limits;
        // Triton has no limit of streams, takes messages of up to 2 GiB, and never hurries a slow client.
        limits.Http2.MaxStreamsPerConnection = int.MaxValue;
        limits.Http2.InitialConnectionWindowSize = 16 * 1024 * 1024;
        limits.Http2.InitialStreamWindowSize = 4 * 1024 * 1024;
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.KeepAliveTimeout = TimeSpan.FromHours(2);

        kestrel.Listen(grpc, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => state.Connections.TrackAsync(connection, next));
            if (state.Options.Certificate is { } certificate)
            {
                listen.UseHttps(certificate, https =>
                {
                    if (state.Options.RequireClientCertificate)
                    {
                        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                        https.AllowAnyClientCertificate();
                    }
                });
            }
        });

        foreach (var port in new[] { state.Options.HttpPort, state.Options.MetricsPort }.OfType<int>())
        {
            kestrel.Listen(grpc.Address, port, listen => listen.Protocols = HttpProtocols.Http1);
        }
    }
}
