using Microsoft.AspNetCore.Routing.Template;

namespace AiRouter.Api.Endpoints;

/// <summary>Which methods a path takes; only asked for requests that found no endpoint.</summary>
internal static class AllowedMethods
{
    /// <summary>The methods of all endpoints whose pattern fits, sorted; none for an unknown path.</summary>
    public static IReadOnlyList<string> Of(EndpointDataSource endpoints, PathString path) =>
        [.. endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText is { } pattern && pattern != "{**path}" && Fits(pattern, path))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            .Distinct().Order(StringComparer.Ordinal)];

    private static bool Fits(string pattern, PathString path) =>
        new TemplateMatcher(TemplateParser.Parse(pattern), []).TryMatch(path, []);
}
