using AiRouter.Core.Configuration;

namespace AiRouter.Api.Telemetry;

/// <summary>Says once, at the start, that there is no store and so no usage is kept.</summary>
internal sealed partial class UnmeteredNotice(IRouterConfiguration configuration, ILogger<UnmeteredNotice> logger) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration.Current?.Config.Metering.RequestLog.Enabled is true)
        {
            LogNoRequestLog();
        }
        else
        {
            LogNotKept();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(2005, LogLevel.Information, "There is no store (ConnectionStrings__redis): usage is not kept")]
    private partial void LogNotKept();

    [LoggerMessage(2006, LogLevel.Warning,
        "There is no store (ConnectionStrings__redis): usage is not kept, nor the request log that metering.requestLog asks for")]
    private partial void LogNoRequestLog();
}
