using System.Diagnostics;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Telemetry;

/// <summary>The span of a request that no client waits for: what ASP.NET Core's is for all others.</summary>
internal static class JobSpan
{
    private static readonly ActivitySource _source = new(TelemetryNames.Source, typeof(JobSpan).Assembly.GetName().Version?.ToString(3));

    /// <summary>Begins it as the current activity. Null: it is not traced.</summary>
    /// <param name="parent">The span of the request that asked for it.</param>
    public static Activity? Begin(ActivityContext parent) => _source.StartActivity(Operations.Responses, ActivityKind.Consumer, parent);
}
