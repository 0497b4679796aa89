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
    IReadOnlyDictionary<string, string> Environment);
