using System.Text.Json.Nodes;

namespace AiRouter.Core.Configuration.Schema;

/// <summary>
/// What may stand at a place of the document. Made from the records once; reading, environment overrides, writing and
/// the JSON Schema all follow it, so that they cannot disagree.
/// </summary>
internal abstract class Shape(Type type)
{
    public Type Type { get; } = type;

    /// <summary>What a message says is wanted here.</summary>
    public abstract string Description { get; }
}

/// <summary>A string, number, boolean, name of an enum, URL or moment.</summary>
internal sealed class ScalarShape(Type type) : Shape(type)
{
    /// <summary>The names of an enum in the document.</summary>
    public IReadOnlyList<string> Names { get; } = type.IsEnum ? EnumNames.Of(type) : [];

    public override string Description => Type switch
    {
        { IsEnum: true } => $"one of {string.Join(", ", Names)}",
        _ when Type == typeof(bool) => "true or false",
        _ when Type == typeof(int) || Type == typeof(long) || Type == typeof(ulong) => "a whole number",
        _ when Type == typeof(double) || Type == typeof(decimal) => "a number",
        _ when Type == typeof(Uri) => "a URL",
        _ when Type == typeof(DateTimeOffset) => "a date (2027-01-31) or a moment (2027-01-31T12:00:00Z)",
        _ => "a string",
    };
}

/// <summary>Any value, kept as JSON.</summary>
internal sealed class AnyShape() : Shape(typeof(JsonNode))
{
    public override string Description => "any value";
}

/// <summary>A list of equal things.</summary>
internal sealed class ListShape(Type type, Shape item) : Shape(type)
{
    public Shape Item { get; } = item;

    public override string Description => "a list";
}

/// <summary>Names, each with a value of the same shape.</summary>
internal sealed class MapShape(Type type, Shape value) : Shape(type)
{
    public Shape Value { get; } = value;

    public override string Description => "an object";
}

/// <summary>A record: known names, each with a shape of its own.</summary>
internal sealed class RecordShape : Shape
{
    public RecordShape(Type type)
        : base(type)
    {
        _type = DocumentTypes.Of(type);
        var defaults = New();
        Members = [.. _type.Members.Select(p => new RecordMember(p, p.GetValue(defaults)))];
        _byName = Members.ToDictionary(m => m.Name, StringComparer.Ordinal);
    }

    private readonly DocumentType _type;
    private readonly Dictionary<string, RecordMember> _byName;

    public IReadOnlyList<RecordMember> Members { get; }

    public override string Description => "an object";

    public RecordMember? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>One with every default, required members still empty.</summary>
    public object New() => _type.New();
}
