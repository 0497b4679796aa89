using AiRouter.Api.Endpoints;
using AiRouter.Core.Configuration;
using Microsoft.Extensions.Primitives;

namespace AiRouter.Api.Routing.Failover;

/// <summary>The model that a request was for, kept while others are asked: when they fail too, the client hears of this one.</summary>
internal sealed class AskedModel
{
    private const string RateLimits = "x-ratelimit-";

    private readonly Exchange _exchange;
    private readonly ResolvedModel _model;
    private readonly List<KeyValuePair<string, StringValues>> _limits = [];

    /// <summary>As the request stands now.</summary>
    public AskedModel(Exchange exchange)
    {
        _exchange = exchange;
        _model = exchange.Model!;
        _limits.AddRange(RateLimitsOf(exchange));
    }

    /// <summary>Makes the request one for it again, at its end.</summary>
    public void Restore()
    {
        _exchange.Model = _model;
        FailedAnswer.Forget(_exchange);
        var response = _exchange.Http.Response;
        if (response.HasStarted)
        {
            return;
        }

        foreach (var (name, _) in RateLimitsOf(_exchange))
        {
            response.Headers.Remove(name);
        }

        foreach (var (name, value) in _limits)
        {
            response.Headers[name] = value;
        }

        ModelRouter.Show(_exchange);
    }

    private static List<KeyValuePair<string, StringValues>> RateLimitsOf(Exchange exchange) =>
        [.. exchange.Http.Response.Headers.Where(h => h.Key.StartsWith(RateLimits, StringComparison.OrdinalIgnoreCase))];
}
