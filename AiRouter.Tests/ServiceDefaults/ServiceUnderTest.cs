using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiRouter.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.ServiceDefaults;

/// <summary>A process with our defaults on a port of its own, and a meter and a source of its own.</summary>
internal sealed class ServiceUnderTest : IAsyncDisposable
{
    private readonly ActivitySource _source = new($"source-{Guid.NewGuid():N}");
    private readonly Meter _meter = new($"meter-{Guid.NewGuid():N}");

    private ServiceUnderTest(string[] args, ReadinessContract? readiness)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults(new ServiceDefaultsOptions
        {
            ServiceName = Name,
            Meters = [_meter.Name],
            ActivitySources = [_source.Name],
        });
        App = builder.Build();
        App.MapDefaultEndpoints(readiness ?? new ReadinessContract { HasStarted = static () => true });

        var counter = _meter.CreateCounter<int>("greetings");
        App.MapGet("/hello", (ILogger<ServiceUnderTest> logger) =>
        {
            using var activity = _source.StartActivity("greet somebody");
            counter.Add(1);
            logger.Log(LogLevel.Warning, default, "somebody was greeted", null, static (text, _) => text);
            return "hello";
        });
    }

    public string Name { get; } = $"service-{Guid.NewGuid():N}";

    public WebApplication App { get; }

    public HttpClient Client { get; } = new();

    public static async Task<ServiceUnderTest> StartAsync(string[] args, ReadinessContract? readiness = null)
    {
        var service = new ServiceUnderTest(args, readiness);
        await service.App.StartAsync(TestContext.Current.CancellationToken);
        service.Client.BaseAddress = new Uri(service.App.Urls.Single());
        return service;
    }

    public Task<string> GetAsync(string path) => Client.GetStringAsync(path, TestContext.Current.CancellationToken);

    public Task StopAsync() => App.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
        _source.Dispose();
        _meter.Dispose();
    }
}
