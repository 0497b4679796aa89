namespace AiRouter.AppHost.Topology;

/// <summary>One of our projects as a running process.</summary>
/// <param name="Name">The resource's name, the same with and without Aspire.</param>
/// <param name="Project">The project it is built from.</param>
/// <param name="EndpointName">The name of its one endpoint.</param>
/// <param name="Endpoint">Where it listens.</param>
/// <param name="Environment">What it is told.</param>
internal sealed record ResourceProcess(
    string Name,
    string Project,
    string EndpointName,
    Uri Endpoint,
    IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Where this machine reaches it: one can listen on every address, but not connect to that.</summary>
    public Uri Reachable => Endpoint.DnsSafeHost switch
    {
        "0.0.0.0" => new UriBuilder(Endpoint) { Host = "127.0.0.1" }.Uri,
        "::" => new UriBuilder(Endpoint) { Host = "[::1]" }.Uri,
        _ => Endpoint,
    };
}
