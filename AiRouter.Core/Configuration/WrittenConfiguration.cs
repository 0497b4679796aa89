using System.Text;
using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration;

/// <summary>A document as somebody wrote it: its records, what is wrong with it, and where each value stands in the text.</summary>
public sealed class WrittenConfiguration
{
    private readonly DocumentNode? _root;

    private WrittenConfiguration(DocumentNode? root, ProblemList problems)
    {
        _root = root;
        if (problems.Count == 0 && root is not DocumentMap)
        {
            problems.Add(ConfigPath.Root, "the document must be an object with keys such as backends and models");
        }

        Readable = problems.Count == 0 ? new RecordReader(problems).Read(root!) : null;
        Problems = problems.Locate(root);
        Config = Problems.Count == 0 ? Readable : null;
    }

    /// <summary>The records; null when there are problems.</summary>
    public RouterConfig? Config { get; }

    /// <summary>
    /// The records, where the text is YAML or JSON at all: values with a problem have their defaults. For telling what else is
    /// wrong, never to be saved.
    /// </summary>
    public RouterConfig? Readable { get; }

    /// <summary>
    /// Unknown keys, wrong types and values out of their range, with their places; whether names and references are right is
    /// <see cref="RouterConfigurationLoader.Build"/>'s business.
    /// </summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; }

    /// <summary>Reads YAML.</summary>
    /// <param name="text">The document.</param>
    /// <param name="name">What messages call it.</param>
    public static WrittenConfiguration OfYaml(string text, string name)
    {
        var problems = new ProblemList();
        return new WrittenConfiguration(YamlDocumentReader.Read(text, name, problems), problems);
    }

    /// <summary>Reads JSON.</summary>
    /// <param name="text">The document.</param>
    /// <param name="name">What messages call it.</param>
    public static WrittenConfiguration OfJson(string text, string name)
    {
        var problems = new ProblemList();
        return new WrittenConfiguration(JsonDocumentReader.Read(Encoding.UTF8.GetBytes(text), name, problems), problems);
    }

    /// <summary>The same problems with their places in this text: that of the value, or of the nearest thing around it that was written.</summary>
    public IReadOnlyList<ConfigurationProblem> Locate(IReadOnlyList<ConfigurationProblem> problems) =>
        [.. problems.Select(p => p.Place is null && p.Path.Length > 0 && ConfigPath.Locate(_root, p.Path) is { } position
            ? p with { Place = position.Place, Source = position.ToString() }
            : p)];
}
