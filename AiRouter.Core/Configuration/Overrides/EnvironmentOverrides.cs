using System.Globalization;
using System.Text.RegularExpressions;
using AiRouter.Core.Configuration.Reading;
using AiRouter.Core.Configuration.Schema;

namespace AiRouter.Core.Configuration.Overrides;

/// <summary>
/// Lays <c>AIROUTER__A__B=value</c> over the document's tree. A segment names an existing entry when both are equal, case
/// ignored, after every character but letters and digits has become <c>_</c>.
/// </summary>
internal sealed partial class EnvironmentOverrides(ProblemList problems)
{
    /// <summary>What makes a variable an override; with one underscore it is something else.</summary>
    public const string Prefix = "AIROUTER__";

    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);

    /// <summary>What was set, and by which variable.</summary>
    public IReadOnlyList<ConfigurationLock> Locks => [.. _seen.Select(static s => new ConfigurationLock(s.Key, s.Value))];

    /// <summary>The variables that are overrides, wholes before their parts, list items in their order.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(IReadOnlyDictionary<string, string> environment) =>
        environment.Where(v => v.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(v => Number().Replace(v.Key.ToUpperInvariant(), n => n.Value.PadLeft(10, '0')), StringComparer.Ordinal);

    /// <summary>Changes the tree.</summary>
    public void Apply(DocumentMap root, IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (name, value) in Of(environment))
        {
            var variable = new Variable(name, value, new SourcePosition($"environment variable {name}", 0));
            Set(root, Shapes.Document, ConfigPath.Root, name[Prefix.Length..], variable);
        }
    }

    // Walks to the place that the rest of the name means, and puts the value there.
    private void Set(DocumentNode around, Shape shape, ConfigPath path, string rest, Variable variable)
    {
        switch (around)
        {
            case DocumentMap map when shape is not ListShape:
                if (NameIn(map, shape, path, rest, variable) is var (key, inner, after))
                {
                    var at = path[key];
                    var old = map.Entries.GetValueOrDefault(key);
                    if (Step(old, inner, at, after, variable) is { } value)
                    {
                        map.Entries[key] = value;
                    }
                }

                break;

            case DocumentList list:
                var (segment, next) = Split(rest);
                var item = shape is ListShape { Item: var known } ? known : new AnyShape();
                if (!int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ||
                    index > list.Items.Count)
                {
                    var numbers = $"from 0 to {list.Items.Count} (a new one)";
                    problems.Add(path, $"\"{segment}\" must be the number of an item, {numbers}", variable.Position);
                }
                else if (Step(index < list.Items.Count ? list.Items[index] : null, item, path[index], next, variable) is { } value)
                {
                    if (index == list.Items.Count)
                    {
                        list.Items.Add(value);
                    }

                    list.Items[index] = value;
                }

                break;
        }
    }

    // One step down: the new node for this place, or null when nothing is to be changed.
    private DocumentNode? Step(DocumentNode? old, Shape shape, ConfigPath path, string rest, Variable variable)
    {
        if (rest.Length == 0)
        {
            if (!_seen.TryAdd(path.ToString(), variable.Name))
            {
                problems.Add(path, $"set by two environment variables, {_seen[path.ToString()]} too", variable.Position);
            }

            return Value(old, shape, path, variable);
        }

        if (shape is ScalarShape)
        {
            problems.Add(path, "is a single value: there is nothing below it", variable.Position);
            return null;
        }

        var container = old is DocumentMap or DocumentList ? old : Empty(shape, rest, variable);
        Set(container, shape, path, rest, variable);
        return container;
    }

    // A text where a text is wanted; YAML where it can be more than that. Empty: as if the key were not there.
    private DocumentNode? Value(DocumentNode? old, Shape shape, ConfigPath path, Variable variable)
    {
        var text = new DocumentScalar { Text = variable.Value, Position = variable.Position };
        if (shape is ScalarShape || variable.Value.Length == 0)
        {
            return text;
        }

        var own = new ProblemList();
        var parsed = YamlDocumentReader.Read(variable.Value, variable.Position.Source, own);
        foreach (var problem in own.Locate(null))
        {
            problems.Add(path, problem.Message, variable.Position);
        }

        if (parsed is null || own.Count > 0)
        {
            return null;
        }

        Place(parsed, variable.Position);
        return Merge(old, parsed);
    }

    // Objects grow together, everything else is replaced.
    private static DocumentNode Merge(DocumentNode? old, DocumentNode over)
    {
        if (old is not DocumentMap below || over is not DocumentMap above)
        {
            return over;
        }

        foreach (var (key, value) in above.Entries)
        {
            below.Entries[key] = Merge(below.Entries.GetValueOrDefault(key), value);
        }

        return below;
    }

    // The entry of an object that the name begins with, what it holds, and the rest of the name.
    private (string Key, Shape Shape, string After)? NameIn(
        DocumentMap map, Shape shape, ConfigPath path, string rest, Variable variable)
    {
        if (shape is RecordShape record)
        {
            var (segment, after) = Split(rest);
            var member = record.Members.FirstOrDefault(m => m.Name.Equals(segment, StringComparison.OrdinalIgnoreCase));
            if (member is not null)
            {
                return (member.Name, member.Shape, after);
            }

            var hint = NearMiss.Hint(segment, record.Members.Select(m => m.Name));
            problems.Add(path, $"there is no key \"{segment}\"{hint}", variable.Position);
            return null;
        }

        var inner = shape is MapShape { Value: var value } ? value : new AnyShape();
        var matches = map.Entries.Keys.Where(k => Begins(rest, k, inner)).ToList();
        if (matches.Count > 1)
        {
            var names = string.Join(" and ", matches.Select(m => $"\"{m}\""));
            problems.Add(path, $"the name fits {names}: only one of them can be meant", variable.Position);
            return null;
        }

        if (matches is [var match])
        {
            return (match, inner, rest.Length == match.Length ? "" : rest[(match.Length + 2)..]);
        }

        var (name, below) = Split(rest);
        return (name.ToLowerInvariant(), inner, below);
    }

    // Names may end in characters that become "_" themselves ("gpt-*"), so the name is not cut at "__" beforehand.
    private static bool Begins(string rest, string key, Shape inner)
    {
        if (rest.Length < key.Length || key.Length == 0)
        {
            return false;
        }

        for (var i = 0; i < key.Length; i++)
        {
            var wanted = char.IsAsciiLetterOrDigit(key[i]) ? key[i] : '_';
            if (char.ToUpperInvariant(wanted) != char.ToUpperInvariant(rest[i]))
            {
                return false;
            }
        }

        // Keys of records begin with a letter: what goes on with "_" is a longer name.
        return rest.Length == key.Length ||
            (rest.AsSpan(key.Length).StartsWith("__", StringComparison.Ordinal) && rest.Length > key.Length + 2 &&
                !(inner is RecordShape && rest[key.Length + 2] == '_'));
    }

    private static (string Segment, string After) Split(string name)
    {
        var at = name.IndexOf("__", StringComparison.Ordinal);
        return at < 0 ? (name, "") : (name[..at], name[(at + 2)..]);
    }

    private static DocumentNode Empty(Shape shape, string rest, Variable variable) =>
        shape is ListShape || (shape is AnyShape && Split(rest).Segment is "0")
            ? new DocumentList { Position = variable.Position }
            : new DocumentMap { Position = variable.Position };

    private static void Place(DocumentNode node, SourcePosition position)
    {
        node.Position = position;
        var inner = node switch
        {
            DocumentMap map => map.Entries.Values,
            DocumentList list => list.Items,
            _ => (IEnumerable<DocumentNode>)[],
        };
        foreach (var child in inner)
        {
            Place(child, position);
        }
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    private readonly record struct Variable(string Name, string Value, SourcePosition Position);
}
