using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AiRouter.Core.Configuration.Schema;

/// <summary>The summaries of the records, from the file that the compiler writes beside the assembly.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, XElement> _summaries;
    private readonly string _codeMark;

    private XmlDocumentation(XDocument document, string codeMark)
    {
        _codeMark = codeMark;
        _summaries = document.Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary")!);
    }

    /// <summary>Reads the file of this assembly.</summary>
    /// <param name="codeMark">Put around what is code, such as a backtick for Markdown.</param>
    public static XmlDocumentation Load(string codeMark = "") =>
        new(XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{typeof(XmlDocumentation).Assembly.GetName().Name}.xml")), codeMark);

    public string Of(Type type) => Text($"T:{type.FullName}");

    public string Of(PropertyInfo property) => Text($"P:{property.DeclaringType!.FullName}.{property.Name}");

    public string Of(Type type, string enumMember) => Text($"F:{type.FullName}.{enumMember}");

    private string Text(string id) => _summaries.TryGetValue(id, out var summary)
        ? Rules().Replace(Spaces().Replace(string.Concat(summary.Nodes().Select(Text)), " "), "").Trim()
        : throw new InvalidOperationException($"{id} has no summary");

    // A reference to another key reads as that key.
    private string Text(XNode node) => node switch
    {
        XElement { Name.LocalName: "see" } see =>
            _codeMark + JsonNamingPolicy.CamelCase.ConvertName(see.Attribute("cref")!.Value.Split('.')[^1]) + _codeMark,
        XElement element => _codeMark + element.Value + _codeMark,
        _ => ((XText)node).Value,
    };

    // Numbers of rules say nothing to the user of an editor.
    [GeneratedRegex(@" \(R\d+(?:, R\d+)*\)|, R\d+(?=\))")]
    private static partial Regex Rules();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
