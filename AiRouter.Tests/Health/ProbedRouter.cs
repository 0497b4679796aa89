using AiRouter.Api.Health;
using AiRouter.Api.Routing.Targets;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Health;

/// <summary>A router that probes its backends, by a clock that moves only while a test waits for something.</summary>
internal sealed class ProbedRouter : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private ProbedRouter(RunningRouter router, FakeTimeProvider time, LogLines<HealthNotices> log)
    {
        Router = router;
        Time = time;
        Log = log;
    }

    public RunningRouter Router { get; }

    public FakeTimeProvider Time { get; }

    /// <summary>What operators were told of targets.</summary>
    public LogLines<HealthNotices> Log { get; }

    /// <summary>What is known of the targets.</summary>
    public TargetReports Reports => Router.Services.GetRequiredService<TargetReports>();

    public static async Task<ProbedRouter> StartAsync(string yaml)
    {
        var time = new FakeTimeProvider();
        var log = new LogLines<HealthNotices>();
        var router = await RunningRouter.StartAsync(yaml, services => services
            .AddSingleton<ILogger<HealthNotices>>(log)
            .AddSingleton(s => new RouteServices(time, new Random(1), s.GetRequiredService<HealthNotices>()))
            .AddProbes());
        return new ProbedRouter(router, time, log);
    }

    public TargetReport Target(string model) => Reports.Read().Single(t => t.Model == model);

    public Task BecomesAsync(string model, TargetReportState state) => WaitAsync(() => Target(model).State == state);

    /// <summary>Lets time pass until <paramref name="condition"/> holds.</summary>
    public Task WaitAsync(Func<bool> condition) => Eventually.HoldsAsync(() =>
    {
        if (condition())
        {
            return true;
        }

        Time.Advance(Step);
        return false;
    });

    public ValueTask DisposeAsync() => Router.DisposeAsync();
}
