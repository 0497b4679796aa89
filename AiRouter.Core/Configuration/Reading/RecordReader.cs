using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;
using AiRouter.Core.Configuration.Schema;

namespace AiRouter.Core.Configuration.Reading;

/// <summary>
/// Makes the records from the document's tree. What is wrong is collected, and its place keeps its default, so that the
/// rest can still be checked.
/// </summary>
internal sealed class RecordReader(ProblemList problems)
{
    /// <summary>The document's record.</summary>
    public RouterConfig Read(DocumentNode root) => (RouterConfig)ReadRecord(root, Shapes.Document, ConfigPath.Root);

    /// <summary>What a part of the document says.</summary>
    public object? Read(DocumentNode node, Shape shape, ConfigPath path) => shape switch
    {
        RecordShape record => ReadRecord(node, record, path),
        MapShape map => ReadMap(node, map, path, null),
        ListShape list => ReadList(node, list, path),
        AnyShape => JsonValueReader.Read(node),
        _ => ReadScalar(node, (ScalarShape)shape, path),
    };

    private object ReadRecord(DocumentNode node, RecordShape shape, ConfigPath path)
    {
        var record = shape.New();
        var map = AsMap(node, shape, path);
        foreach (var (name, value) in map?.Entries ?? [])
        {
            if (shape.Find(name) is not { } member)
            {
                problems.Add(path[name], $"there is no such key{NearMiss.Hint(name, shape.Members.Select(m => m.Name))}");
            }
            else if (ReadMember(value, member, path[name]) is { } read)
            {
                member.Property.SetValue(record, read);
            }
        }

        foreach (var member in shape.Members)
        {
            if (member.IsRequired && map is not null && (!map.Entries.TryGetValue(member.Name, out var given) || IsNull(given)))
            {
                problems.Add(path, $"{member.Name} is missing");
            }
        }

        return record;
    }

    private object? ReadMember(DocumentNode value, RecordMember member, ConfigPath path)
    {
        if (IsNull(value))
        {
            return null;
        }

        var read = member.Shape is MapShape map ? ReadMap(value, map, path, member.Default) : Read(value, member.Shape, path);
        if (member.Range is { } range && read is not null && !range.IsValid(read))
        {
            problems.Add(path, $"must be {Limits(range)}, not {value.Description}");
            return null;
        }

        if (member.Pattern is { } pattern && read is string text && !Fits(text, pattern.Pattern))
        {
            // The text may be a secret in the wrong place: it is not shown.
            problems.Add(path, pattern.ErrorMessage!);
            return null;
        }

        return read;
    }

    private Array ReadList(DocumentNode node, ListShape shape, ConfigPath path)
    {
        if (node is not DocumentList && !IsNull(node))
        {
            Wrong(node, shape, path);
        }

        var items = (node as DocumentList)?.Items ?? [];
        var list = DocumentTypes.Of(shape.Item.Type).NewList(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            list.SetValue(ReadEntry(items[i], shape.Item, path[i]), i);
        }

        return list;
    }

    private IDictionary ReadMap(DocumentNode node, MapShape shape, ConfigPath path, object? like)
    {
        // Headers are the same whatever their case: the default says so.
        var comparer = like is Dictionary<string, string> known ? known.Comparer : StringComparer.Ordinal;
        var map = DocumentTypes.Of(shape.Value.Type).NewMap(comparer);
        foreach (var (name, value) in AsMap(node, shape, path)?.Entries ?? [])
        {
            if (map.Contains(name))
            {
                problems.Add(path[name], "given twice, with another case");
            }
            else
            {
                map.Add(name, ReadEntry(value, shape.Value, path[name]));
            }
        }

        return map;
    }

    private object? ReadEntry(DocumentNode node, Shape shape, ConfigPath path)
    {
        if (IsNull(node) && shape is ScalarShape)
        {
            problems.Add(path, $"must be {shape.Description}, not nothing");
            return null;
        }

        return Read(node, shape, path);
    }

    private object? ReadScalar(DocumentNode node, ScalarShape shape, ConfigPath path)
    {
        if (node is not DocumentScalar scalar)
        {
            Wrong(node, shape, path);
            return null;
        }

        var read = ScalarReader.Read(scalar.Text, shape);
        if (read is null)
        {
            var near = NearMiss.Find(scalar.Text, shape.Names) is { } name ? $" (did you mean \"{name}\"?)" : "";
            // A URL may have a password in it: it is not shown.
            var given = shape.Type == typeof(Uri) ? "" : $", not {scalar.Description}";
            problems.Add(path, $"must be {shape.Description}{given}{near}");
        }

        return read;
    }

    private DocumentMap? AsMap(DocumentNode node, Shape shape, ConfigPath path)
    {
        if (IsNull(node))
        {
            return new DocumentMap { Position = node.Position };
        }

        if (node is not DocumentMap map)
        {
            Wrong(node, shape, path);
            return null;
        }

        return map;
    }

    private void Wrong(DocumentNode node, Shape shape, ConfigPath path)
    {
        // A text may be a secret in the wrong place: only its kind is shown.
        var given = node is DocumentScalar ? "a single value" : node.Description;
        problems.Add(path, $"must be {shape.Description}, not {given}");
    }

    // The attribute itself finds every empty text right.
    private static bool Fits(string text, string pattern) =>
        Regex.IsMatch(text, $@"^(?:{pattern})\z", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static string Limits(RangeAttribute range) => string.Create(
        CultureInfo.InvariantCulture, $"from {range.Minimum} to {range.Maximum}");

    private static bool IsNull(DocumentNode node) => node is DocumentScalar { IsNull: true };
}
