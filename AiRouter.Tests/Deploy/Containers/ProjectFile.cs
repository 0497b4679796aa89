using System.Xml.Linq;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary>What a project's file says about its image, where the SDK makes it; <c>Directory.Build.targets</c> included.</summary>
internal sealed class ProjectFile
{
    private readonly List<XElement> _elements;

    private ProjectFile(string project)
    {
        _elements = [.. new[] { $"{project}/{project}.csproj", "Directory.Build.targets" }
            .SelectMany(static file => XDocument.Parse(Checkout.Read(file)).Descendants())];
    }

    /// <summary>Reads the file of a project.</summary>
    public static ProjectFile Of(string project) => new(project);

    /// <summary>The value of a property that stands once.</summary>
    public string Property(string name) => Properties(name).Single();

    /// <summary>The values that a property may get.</summary>
    public IEnumerable<string> Properties(string name) =>
        _elements.Where(e => e.Name == name && e.Parent!.Name == "PropertyGroup").Select(static e => e.Value);

    /// <summary>What a kind of item includes, and their values.</summary>
    public IReadOnlyList<(string Include, string? Value)> Items(string name) =>
    [
        .. from element in _elements
           where element.Name == name && element.Parent!.Name == "ItemGroup"
           from include in element.Attribute("Include")!.Value.Split(';')
           select (include, element.Attribute("Value")?.Value),
    ];

    /// <summary>The project and all that it is built with, by name.</summary>
    public static IReadOnlySet<string> Closure(string project)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>([project]);
        while (waiting.TryDequeue(out var next))
        {
            if (found.Add(next))
            {
                foreach (var reference in Of(next)._elements.Where(static e => e.Name == "ProjectReference"))
                {
                    waiting.Enqueue(Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
                }
            }
        }

        return found;
    }
}
