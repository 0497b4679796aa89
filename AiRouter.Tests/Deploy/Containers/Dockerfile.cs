using System.Text.Json;
using System.Text.RegularExpressions;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary>The Dockerfile beside a project: its stages, and what each does.</summary>
internal sealed partial class Dockerfile
{
    private Dockerfile(IReadOnlyList<DockerfileStage> stages)
    {
        Stages = stages;
    }

    /// <summary>In the order of the file; the last is the image.</summary>
    public IReadOnlyList<DockerfileStage> Stages { get; }

    /// <summary>Where the program is built.</summary>
    public DockerfileStage Build => Stages[0];

    /// <summary>What becomes the image.</summary>
    public DockerfileStage Image => Stages[^1];

    /// <summary>Reads the Dockerfile of a project.</summary>
    public static Dockerfile Of(string project) => Parse(Checkout.Read($"{project}/Dockerfile"));

    /// <summary>Reads a Dockerfile's text: comments are left out, continued lines joined.</summary>
    public static Dockerfile Parse(string text)
    {
        var stages = new List<DockerfileStage>();
        var lines = string.Join('\n', text.Split('\n').Where(static line => !line.TrimStart().StartsWith('#')));
        foreach (var line in Continued().Replace(lines, " ").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (keyword, arguments) = Split(line.Trim());
            if (keyword == "FROM")
            {
                stages.Add(new DockerfileStage(arguments.Split(' ').First(static word => !word.StartsWith("--", StringComparison.Ordinal))));
            }
            else if (keyword.Length > 0)
            {
                stages[^1].Instructions.Add((keyword, arguments));
            }
        }

        return new Dockerfile(stages);
    }

    private static (string Keyword, string Arguments) Split(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (line, "") : (line[..space], line[(space + 1)..].Trim());
    }

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();
}

/// <summary>From one <c>FROM</c> to the next.</summary>
/// <param name="Base">The image that it begins with.</param>
internal sealed partial record DockerfileStage(string Base)
{
    /// <summary>Keyword and the rest of the line.</summary>
    public List<(string Keyword, string Arguments)> Instructions { get; } = [];

    /// <summary>What follows every occurrence of a keyword.</summary>
    public IReadOnlyList<string> All(string keyword) =>
        [.. Instructions.Where(i => i.Keyword == keyword).Select(static i => i.Arguments)];

    /// <summary>What follows a keyword that stands once.</summary>
    public string One(string keyword) => Assert.Single(All(keyword));

    /// <summary>The words of the exec form, after any flags; a shell form fails.</summary>
    public IReadOnlyList<string> Exec(string keyword)
    {
        var text = One(keyword);
        return JsonSerializer.Deserialize<string[]>(text[text.IndexOf('[', StringComparison.Ordinal)..])!;
    }

    /// <summary>What <c>ENV</c> or <c>LABEL</c> set.</summary>
    public IReadOnlyDictionary<string, string> Pairs(string keyword) => All(keyword)
        .SelectMany(static text => Pair().Matches(text))
        .ToDictionary(static m => m.Groups[1].Value, static m => m.Groups[2].Success ? m.Groups[2].Value : m.Groups[3].Value);

    [GeneratedRegex(@"([\w.]+)=(?:""([^""]*)""|(\S*))")]
    private static partial Regex Pair();
}
