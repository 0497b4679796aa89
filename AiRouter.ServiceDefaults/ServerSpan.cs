using System.Diagnostics;

namespace AiRouter.ServiceDefaults;

/// <summary>
/// What a process says of the span that ASP.NET Core made for a request. OpenTelemetry's instrumentation names the span after its
/// route, and its error after the exception that left the handler, when the request has ended: what was said here stands over both.
/// </summary>
public static class ServerSpan
{
    private const string Property = "airouter.server_span";

    /// <summary>Names it, and says why the request failed.</summary>
    /// <param name="span">The span.</param>
    /// <param name="name">Of a bounded set.</param>
    /// <param name="errorType">What failed, of a bounded set; null: nothing did.</param>
    public static void Describe(Activity span, string name, string? errorType)
    {
        span.SetCustomProperty(Property, new Description(name, errorType));
        Apply(span);
    }

    /// <summary>Says it again, at the very end.</summary>
    internal static void Apply(Activity span)
    {
        if (span.GetCustomProperty(Property) is not Description description)
        {
            return;
        }

        span.DisplayName = description.Name;
        if (description.ErrorType is { } errorType)
        {
            span.SetTag("error.type", errorType);
        }
    }

    private sealed record Description(string Name, string? ErrorType);
}
