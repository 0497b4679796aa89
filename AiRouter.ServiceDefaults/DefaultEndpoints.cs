using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiRouter.ServiceDefaults;

/// <summary>The endpoints that operators and orchestrators use. None of them asks for a client key.</summary>
public static class DefaultEndpoints
{
    /// <summary>200 as long as the process answers at all.</summary>
    public const string LivePath = "/health/live";

    /// <summary>200 when requests are welcome; 503 before the first configuration and while the process stops.</summary>
    public const string ReadyPath = "/health/ready";

    /// <summary>200 with an empty body, for those who come from the original router.</summary>
    public const string HealthCheckPath = "/health_check";

    /// <summary>All metrics as Prometheus text.</summary>
    public const string MetricsPath = "/metrics";

    // Some load balancers ask with HEAD.
    private static readonly string[] _getOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps <c>/health/live</c>, <c>/health/ready</c>, <c>/health_check</c> and <c>/metrics</c>.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app, ReadinessContract contract)
    {
        app.MapMethods(LivePath, _getOrHead, AnswerLiveAsync);
        app.MapMethods(HealthCheckPath, _getOrHead, static _ => Task.CompletedTask);
        app.MapPrometheusScrapingEndpoint(MetricsPath);

        // Read here and not per request: after the stop has begun, the services may be gone.
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        app.MapMethods(ReadyPath, _getOrHead, context => AnswerReadyAsync(context, contract, stopping));
        return app;
    }

    private static Task AnswerLiveAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("""{"status":"live"}""", context.RequestAborted);
    }

    private static async Task AnswerReadyAsync(
        HttpContext context, ReadinessContract contract, CancellationToken stopping)
    {
        var status = stopping.IsCancellationRequested ? "draining" : contract.HasStarted() ? "ready" : "starting";
        var details = contract.Details is null ? null : await contract.Details(context);

        context.Response.StatusCode =
            status == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            Write(writer, status, details);
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter writer, string status, IReadOnlyList<ReadinessDetail>? details)
    {
        writer.WriteStartObject();
        writer.WriteString("status"u8, status);
        if (details is not null)
        {
            writer.WriteStartArray("checks"u8);
            foreach (var detail in details)
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, detail.Name);
                writer.WriteBoolean("healthy"u8, detail.IsHealthy);
                if (detail.Reason is not null)
                {
                    writer.WriteString("reason"u8, detail.Reason);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
