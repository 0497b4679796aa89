using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AiRouter.Api.Commands.Import.Reading;

/// <summary>
/// Reads YAML as Python programs do: the last of two equal keys counts, aliases are copied, and <c>&lt;&lt;</c> puts another map's
/// members in.
/// </summary>
internal sealed class YamlSource
{
    private const string MergeKey = "<<";

    private readonly Parser _events;
    private readonly Dictionary<AnchorName, SourceValue> _anchors = [];
    private int _count;

    private YamlSource(string text) => _events = new Parser(new StringReader(text));

    public static SourceFile Read(string text)
    {
        try
        {
            return new YamlSource(text).ReadDocument();
        }
        catch (YamlException broken)
        {
            return SourceFile.Broken("this is not YAML", broken.Start.Line, broken.Start.Column);
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // What YamlDotNet throws of some texts that are no YAML (AiRouter.Tests/Fuzz).
            return SourceFile.Broken("this is not YAML");
        }
    }

    private SourceFile ReadDocument()
    {
        _events.Consume<StreamStart>();
        if (!_events.TryConsume<DocumentStart>(out _))
        {
            return SourceFile.Broken("the file is empty");
        }

        var root = ReadValue(1);
        _events.Consume<DocumentEnd>();
        return _events.Accept<DocumentStart>(out var second)
            ? SourceFile.Broken("there is a second document; one is wanted", second.Start.Line, second.Start.Column)
            : new SourceFile(root, null);
    }

    private SourceValue ReadValue(int depth)
    {
        Bound(1, depth);
        if (_events.TryConsume<AnchorAlias>(out var alias))
        {
            if (!_anchors.TryGetValue(alias.Value, out var target))
            {
                throw new YamlException(alias.Start, alias.End, "there is no such anchor");
            }

            Bound(target.Count(), depth + target.Depth());
            return target.Copy();
        }

        var head = _events.Consume<NodeEvent>();
        var line = (int)head.Start.Line;
        var value = head switch
        {
            Scalar scalar => new SourceValue
            {
                Kind = scalar.Style is ScalarStyle.Plain && scalar.Tag.IsEmpty ? SourceKind.Plain : SourceKind.Text,
                Line = line,
                Text = scalar.Value,
            },
            SequenceStart => ReadList(new SourceValue { Kind = SourceKind.List, Line = line }, depth),
            _ => ReadMap(new SourceValue { Kind = SourceKind.Map, Line = line }, depth),
        };

        // Known only behind its end: an alias inside of it has nothing to mean.
        if (!head.Anchor.IsEmpty)
        {
            _anchors[head.Anchor] = value;
        }

        return value;
    }

    private SourceValue ReadList(SourceValue list, int depth)
    {
        while (!_events.TryConsume<SequenceEnd>(out _))
        {
            list.Add(ReadValue(depth + 1));
        }

        return list;
    }

    private SourceValue ReadMap(SourceValue map, int depth)
    {
        var merged = new List<SourceValue>();
        while (!_events.TryConsume<MappingEnd>(out _))
        {
            if (!_events.TryConsume<Scalar>(out var key))
            {
                throw new YamlException(_events.Current!.Start, _events.Current.End, "a key must be a plain name");
            }

            var value = ReadValue(depth + 1);
            if (key is { Value: MergeKey, Style: ScalarStyle.Plain })
            {
                merged.AddRange(value.Kind == SourceKind.List ? value.Items : [value]);
            }
            else
            {
                map.Add(key.Value, value);
            }
        }

        foreach (var (name, value) in merged.SelectMany(static m => m.Members).Where(m => map.Find(m.Key) is null))
        {
            Bound(value.Count(), depth + value.Depth());
            map.Add(name, value.Copy());
        }

        return map;
    }

    private void Bound(int more, int depth)
    {
        _count += more;
        if (_count > SourceFile.MostValues || depth > SourceFile.MostDepth)
        {
            throw new YamlException(_events.Current!.Start, _events.Current.End, "too large, or nested too deep");
        }
    }
}
