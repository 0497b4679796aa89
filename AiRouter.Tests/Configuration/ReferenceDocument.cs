using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AiRouter.Core.Configuration.Schema;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Configuration;

/// <summary><c>docs/configuration-reference.md</c>: every key of the document, from the records and their comments.</summary>
internal sealed partial class ReferenceDocument
{
    private const string Introduction = """
        # Configuration reference

        Every key of the [configuration](configuration.md), written from the records that are read (`AiRouter.Core/Configuration`)
        and checked against them by a test; `UPDATE_GOLDEN=1` writes it anew. Editors have the same as
        [`airouter.schema.json`](airouter.schema.json). *NAME* stands for a name that you choose, `[]` for the items of a list. A key
        without a default may be left out and then means what its text says; durations are in seconds.

        """;

    // What a reader of a section asks next.
    private static readonly Dictionary<string, string> _more = new(StringComparer.Ordinal)
    {
        ["backends"] = "Credentials: [secrets](configuration.md#secrets).",
        ["backends.NAME.breaker"] = "More: [health of targets](routing.md#health-of-targets).",
        ["backends.NAME.probe"] = "More: [health of targets](routing.md#health-of-targets).",
        ["backends.NAME.loadSignal"] = "More: [the load that Triton tells](routing.md#the-load-that-triton-tells).",
        ["models"] = "Which model answers: [models](configuration.md#models). Counting: [tokens](configuration.md#counting-tokens).",
        ["models.NAME.targets[]"] = "More: [which target answers](routing.md#which-target-answers).",
        ["models.NAME.targets[].parameters"] =
            "`model` and `stream` are left alone. What becomes of each parameter on Triton: [parameters](triton-parameters.md).",
        ["models.NAME.sticky"] = "More: [policies](routing.md#policies).",
        ["models.NAME.prefix"] = "More: [policies](routing.md#policies).",
        ["models.NAME.retry"] = "More: [when a target fails](routing.md#when-a-target-fails).",
        ["models.NAME.fallbacks[]"] = "More: [other models](routing.md#other-models).",
        ["models.NAME.queue"] = "More: [queues](routing.md#queues).",
        ["models.NAME.prompt"] = "More: [prompt formats](prompt-formats.md#options).",
        ["models.NAME.maxTokens"] = "More: [token limits](configuration.md#token-limits).",
        ["models.NAME.limits"] = "More: [limits and budgets](configuration.md#limits-and-budgets).",
        ["keys"] = "More: [client keys](configuration.md#keys).",
        ["limits"] = "More: [limits and budgets](configuration.md#limits-and-budgets).",
        ["metering"] = "More: [usage and cost](keys-and-limits.md#usage-and-cost).",
        ["metering.requestLog"] = "More: [the request log](admin.md#request-log).",
        ["store"] = "More: [in a store](configuration.md#in-a-store).",
        ["server"] = "`authentication`: [who needs a key](configuration.md#who-needs-a-key).",
    };

    private readonly XmlDocumentation _documentation = XmlDocumentation.Load("`");
    private readonly List<(string Path, RecordShape Shape)> _sections = [];

    private ReferenceDocument() => Collect(Shapes.Document, "");

    /// <summary>The whole text.</summary>
    public static string Write() => new ReferenceDocument().Text();

    /// <summary>Sections that <see cref="_more"/> names and that are not there.</summary>
    public static IEnumerable<string> DanglingSections() =>
        _more.Keys.Except(new ReferenceDocument()._sections.Select(static s => Title(s.Path)));

    private static string Anchor(string path) => MarkdownDocument.Slug($"`{path}`");

    private void Collect(Shape shape, string path)
    {
        switch (shape)
        {
            case MapShape map:
                Collect(map.Value, $"{path}.NAME");
                break;
            case ListShape list:
                Collect(list.Item, $"{path}[]");
                break;
            case RecordShape record when !_sections.Exists(s => s.Shape == record):
                _sections.Add((path, record));
                foreach (var member in record.Members)
                {
                    Collect(member.Shape, path.Length == 0 ? member.Name : $"{path}.{member.Name}");
                }

                break;
        }
    }

    private string Text()
    {
        var text = new StringBuilder(Introduction).Append('\n');
        foreach (var (path, shape) in _sections)
        {
            var title = Title(path);
            var heading = path.Length == 0 ? title : $"`{title}`";
            text.Append(title.Contains('.', StringComparison.Ordinal) ? "### " : "## ").Append(heading).Append("\n\n")
                .Append(Places(path, shape)).Append(_documentation.Of(shape.Type))
                .Append(_more.TryGetValue(title, out var more) ? $" {more}" : "")
                .Append("\n\n| Key | Type | Default | Meaning |\n|---|---|---|---|\n");
            foreach (var member in shape.Members)
            {
                text.Append(Row(member));
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    // A record that stands at several places is told once.
    private string Places(string path, RecordShape shape)
    {
        var others = _sections
            .SelectMany(s => s.Shape.Members.Where(m => Record(m.Shape).Shape == shape).Select(m => (s.Path, Member: m)))
            .Select(static p => (p.Path.Length == 0 ? "" : $"{p.Path}.") + p.Member.Name + Record(p.Member.Shape).Suffix)
            .Where(p => p != path)
            .Order(StringComparer.Ordinal)
            .Select(static p => $"`{p}`")
            .ToList();
        return others.Count == 0 ? "" : $"Also at {string.Join(", ", others)}. ";
    }

    private static (RecordShape? Shape, string Suffix) Record(Shape shape) => shape switch
    {
        RecordShape record => (record, ""),
        MapShape { Value: RecordShape record } => (record, ".NAME"),
        ListShape { Item: RecordShape record } => (record, "[]"),
        _ => (null, ""),
    };

    private string Row(RecordMember member)
    {
        var meaning = _documentation.Of(member.Property);
        if (member.Range is not null)
        {
            meaning = RangeText().Replace(meaning, "");
        }

        return $"| `{member.Name}` |{Cell(Type(member))}|{Cell(Default(member))}|{Cell(meaning + Choices(member.Shape))}|\n";
    }

    private string Choices(Shape shape) => shape switch
    {
        ListShape list => Choices(list.Item),
        ScalarShape { Type: { IsEnum: true } type } =>
            string.Concat(Enum.GetNames(type).Select(n => $"<br>`{EnumNames.Of(type, n)}`: {Lower(_documentation.Of(type, n))}")),
        _ => "",
    };

    private string Type(RecordMember member)
    {
        if (member.Range is { } range)
        {
            return $"{Number(range.Minimum)} to {Number(range.Maximum)}";
        }

        return member.Operations is { } operations
            ? $"list of {string.Join(", ", operations.Allowed.Select(static o => $"`{o}`"))}"
            : Type(member.Shape, plural: false);
    }

    private string Type(Shape shape, bool plural) => shape switch
    {
        RecordShape record => $"[{(plural ? "objects" : "object")}](#{Anchor(Title(_sections.First(s => s.Shape == record).Path))})",
        MapShape map => $"name → {Type(map.Value, plural: false)}",
        ListShape list => $"list of {Type(list.Item, plural: true)}",
        ScalarShape { Names.Count: > 0 } choice => string.Join(", ", choice.Names.Select(static n => $"`{n}`")),
        _ => shape.Description switch
        {
            "true or false" => "boolean",
            var description when description.StartsWith("a date", StringComparison.Ordinal) => "date or moment",
            var description => Article().Replace(description, "") + (plural ? "s" : ""),
        },
    };

    // The sections of the top stand under the names that people look for: backends, not backends.NAME.
    private static string Title(string path) => path switch
    {
        "" => "The document",
        "backends.NAME" => "backends",
        "models.NAME" => "models",
        "keys[]" => "keys",
        _ => path,
    };

    private static string Default(RecordMember member) => member switch
    {
        { IsRequired: true } => "required",
        { Default: bool value } => value ? "`true`" : "`false`",
        { Default: Enum value } => $"`{EnumNames.Of(value)}`",
        { Default: string value } => $"`{value}`",
        { Default: int or long or double or decimal } => $"`{Number(member.Default)}`",
        { Default: IEnumerable<string> list } when list.Any() => $"`[{string.Join(", ", list.Select(static i => $"\"{i}\""))}]`",
        { Default: IEnumerable list and not IDictionary } when list.OfType<Enum>().Any() =>
            $"`[{string.Join(", ", list.OfType<Enum>().Select(static e => EnumNames.Of(e)))}]`",
        _ => "",
    };

    private static string Number(object number) => ((IFormattable)Convert.ToDecimal(number, CultureInfo.InvariantCulture))
        .ToString("0.######", CultureInfo.InvariantCulture);

    // A sentence goes on; a name in capitals stays.
    private static string Lower(string sentence) =>
        char.IsLower(sentence[1]) || sentence[1] == ' ' ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : sentence;

    private static string Cell(string text) =>
        text.Length == 0 ? " " : $" {text.Replace("|", "\\|", StringComparison.Ordinal)} ";

    // The column "Type" has it.
    [GeneratedRegex(@"[,;.]? (above )?-?[\d.]+ to \d+(?:\.\d+)?(?=[.;,:]|$)")]
    private static partial Regex RangeText();

    [GeneratedRegex("^an? ")]
    private static partial Regex Article();
}
