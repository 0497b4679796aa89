namespace AiRouter.Core.Configuration.Reading;

/// <summary>Collects everything that is wrong with a document, so that it can be told at once.</summary>
internal sealed class ProblemList
{
    private readonly List<(ConfigPath Path, string Message, SourcePosition? Position)> _found = [];

    private readonly List<ConfigurationProblem> _warnings = [];

    public int Count => _found.Count;

    /// <summary>What is right, but hardly meant.</summary>
    public IReadOnlyList<ConfigurationProblem> Warnings => _warnings;

    /// <summary>Adds something that is right, but hardly meant.</summary>
    public void Warn(ConfigPath path, string message) => _warnings.Add(new ConfigurationProblem(path.ToString(), message, Source: null));

    /// <summary>Adds a problem; its place is that of the value at the path.</summary>
    public void Add(ConfigPath path, string message) => _found.Add((path, message, null));

    /// <summary>Adds a problem of a place that is no value of the document.</summary>
    public void Add(ConfigPath path, string message, SourcePosition position) => _found.Add((path, message, position));

    /// <summary>All of them, with their places in the document.</summary>
    public IReadOnlyList<ConfigurationProblem> Locate(DocumentNode? root) =>
        [.. _found.Select(f => Located(f.Path.ToString(), f.Message, f.Position ?? f.Path.Locate(root)))];

    private static ConfigurationProblem Located(string path, string message, SourcePosition? position) =>
        new(path, message, position?.ToString()) { Place = position?.Place };
}
