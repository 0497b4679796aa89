namespace AiRouter.Api.Endpoints;

/// <summary>ASP.NET Core decodes a path, but leaves <c>%2F</c>: in the names and ids that clients put there it is a slash.</summary>
internal static class EncodedSlash
{
    /// <summary>A route value as the client meant it; null when the route has none.</summary>
    public static string? Decode(object? routeValue) =>
        (routeValue as string)?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
