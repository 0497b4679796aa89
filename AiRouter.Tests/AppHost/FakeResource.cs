using System.Diagnostics;
using System.Net;
using AiRouter.AppHost.Topology;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.AppHost;

/// <summary>A resource in two halves: a shell that is started and stopped, and a listener in the test that answers for its health.</summary>
internal sealed class FakeResource : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeResource(string name, string endpointName)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback,
            0,
            listener => listener.Protocols = endpointName == "grpc" ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        Name = name;
        EndpointName = endpointName;
    }

    public string Name { get; }

    public string EndpointName { get; }

    /// <summary>What the shell runs.</summary>
    public string Script { get; set; } = "echo up; exec sleep 600";

    public bool IsHealthy { get; set; } = true;

    public ResourceProcess Process => new(
        Name, Name, EndpointName, new Uri(Address), new Dictionary<string, string> { ["GREETING"] = $"hello {Name}" });

    private string Address =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<FakeResource> StartAsync(string name, string endpointName)
    {
        var resource = new FakeResource(name, endpointName);
        await resource._app.StartAsync(TestContext.Current.CancellationToken);
        return resource;
    }

    public ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        return start;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        if (context.Request.Path == "/inference.GRPCInferenceService/ServerReady")
        {
            context.Response.ContentType = "application/grpc";
            byte[] message = IsHealthy ? [0, 0, 0, 0, 2, 8, 1] : [0, 0, 0, 0, 0];
            await context.Response.Body.WriteAsync(message, context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
