using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AiRouter.Core.Configuration.Reading;

/// <summary>
/// Reads YAML from its events, which have the line of everything and let duplicates be told like any other problem.
/// Aliases are copied, within a bound on the document's size.
/// </summary>
internal sealed class YamlDocumentReader
{
    private const int MaxNodes = 1_000_000;
    private const int MaxDepth = 64;

    private readonly Parser _events;
    private readonly string _source;
    private readonly ProblemList _problems;
    private readonly Dictionary<AnchorName, DocumentNode?> _anchors = [];
    private int _nodes;

    private YamlDocumentReader(string text, string source, ProblemList problems)
    {
        _events = new Parser(new StringReader(text));
        _source = source;
        _problems = problems;
    }

    /// <summary>The document; null when it is empty or broken (then there are problems).</summary>
    public static DocumentNode? Read(string text, string source, ProblemList problems)
    {
        try
        {
            return new YamlDocumentReader(text, source, problems).ReadDocument();
        }
        catch (YamlException broken)
        {
            problems.Add(
                ConfigPath.Root,
                $"this is not YAML: {broken.Message}",
                new SourcePosition(source, (int)broken.Start.Line, (int)broken.Start.Column));
            return null;
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // What YamlDotNet throws of some texts that are no YAML, found by AiRouter.Tests/Fuzz.
            problems.Add(ConfigPath.Root, "this is not YAML", new SourcePosition(source, 0));
            return null;
        }
    }

    private DocumentNode? ReadDocument()
    {
        _events.Consume<StreamStart>();
        if (!_events.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var root = ReadNode(ConfigPath.Root, 0);
        _events.Consume<DocumentEnd>();
        if (_events.Accept<DocumentStart>(out var second))
        {
            _problems.Add(ConfigPath.Root, "there is a second document; one is wanted", At(second));
        }

        return root;
    }

    private DocumentNode ReadNode(ConfigPath path, int depth)
    {
        if (++_nodes > MaxNodes || depth > MaxDepth)
        {
            throw new YamlException(
                _events.Current!.Start, _events.Current.End,
                depth > MaxDepth ? $"nested deeper than {MaxDepth}" : $"more than {MaxNodes} values");
        }

        if (_events.TryConsume<AnchorAlias>(out var alias))
        {
            return ReadAlias(alias, depth);
        }

        var head = _events.Consume<NodeEvent>();
        if (!head.Anchor.IsEmpty)
        {
            _anchors[head.Anchor] = null;
        }

        DocumentNode node = head switch
        {
            Scalar scalar => ReadScalar(scalar, path),
            SequenceStart => ReadList(head, path, depth),
            _ => ReadMap(head, path, depth),
        };
        if (!head.Anchor.IsEmpty)
        {
            _anchors[head.Anchor] = node;
        }

        return node;
    }

    private DocumentNode ReadAlias(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value, out var target))
        {
            throw new YamlException(alias.Start, alias.End, $"there is no anchor &{alias.Value}");
        }

        if (target is null)
        {
            throw new YamlException(alias.Start, alias.End, $"*{alias.Value} contains itself");
        }

        _nodes += Size(target);
        if (_nodes > MaxNodes)
        {
            throw new YamlException(alias.Start, alias.End, $"more than {MaxNodes} values");
        }

        // Aliases of aliases could nest as deep as the document has values, and everything behind here is recursive.
        if (depth + Depth(target) > MaxDepth)
        {
            throw new YamlException(alias.Start, alias.End, $"nested deeper than {MaxDepth}");
        }

        return target.Copy();
    }

    private DocumentScalar ReadScalar(Scalar scalar, ConfigPath path)
    {
        if (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific &&
            !scalar.Tag.Value.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal))
        {
            _problems.Add(path, $"the tag {scalar.Tag.Value} has no meaning here", At(scalar));
        }

        return new DocumentScalar
        {
            Text = scalar.Value,
            IsQuoted = scalar.Style is not ScalarStyle.Plain ||
                (!scalar.Tag.IsEmpty && scalar.Tag.Value.EndsWith(":str", StringComparison.Ordinal)),
            Position = At(scalar),
        };
    }

    private DocumentList ReadList(NodeEvent head, ConfigPath path, int depth)
    {
        var list = new DocumentList { Position = At(head) };
        while (!_events.TryConsume<SequenceEnd>(out _))
        {
            list.Items.Add(ReadNode(path[list.Items.Count], depth + 1));
        }

        return list;
    }

    private DocumentMap ReadMap(NodeEvent head, ConfigPath path, int depth)
    {
        var map = new DocumentMap { Position = At(head) };
        while (!_events.TryConsume<MappingEnd>(out _))
        {
            if (!_events.TryConsume<Scalar>(out var key))
            {
                throw new YamlException(_events.Current!.Start, _events.Current.End, "a key must be a plain name");
            }

            var place = path[key.Value];
            var value = ReadNode(place, depth + 1);
            // The line of the key is where a reader looks; a block's own begins one below.
            value.Position = At(key);
            if (map.Entries.TryGetValue(key.Value, out var first))
            {
                _problems.Add(place, $"given twice, first in line {first.Position.Line}", At(key));
            }
            else
            {
                map.Entries.Add(key.Value, value);
            }
        }

        return map;
    }

    private SourcePosition At(ParsingEvent at) => new(_source, (int)at.Start.Line, (int)at.Start.Column);

    private static int Size(DocumentNode node) => node switch
    {
        DocumentMap map => 1 + map.Entries.Values.Sum(Size),
        DocumentList list => 1 + list.Items.Sum(Size),
        _ => 1,
    };

    private static int Depth(DocumentNode node) => node switch
    {
        DocumentMap { Entries.Count: > 0 } map => 1 + map.Entries.Values.Max(Depth),
        DocumentList { Items.Count: > 0 } list => 1 + list.Items.Max(Depth),
        _ => 0,
    };
}
