using System.Text;
using System.Text.Json;

namespace AiRouter.Core.Configuration.Reading;

/// <summary>Reads JSON into the same tree as YAML; comments and trailing commas are let pass.</summary>
internal ref struct JsonDocumentReader
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly string _source;
    private readonly ProblemList _problems;
    private Utf8JsonReader _tokens;
    private int _line = 1;
    private int _counted;
    private int _lineStart;

    private JsonDocumentReader(ReadOnlySpan<byte> utf8, string source, ProblemList problems)
    {
        _utf8 = utf8;
        _source = source;
        _problems = problems;
        _tokens = new Utf8JsonReader(
            utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    }

    /// <summary>The document; null when it is broken (then there are problems).</summary>
    public static DocumentNode? Read(ReadOnlySpan<byte> utf8, string source, ProblemList problems)
    {
        try
        {
            var reader = new JsonDocumentReader(utf8, source, problems);
            reader._tokens.Read();
            var root = reader.ReadNode(ConfigPath.Root);
            reader._tokens.Read();
            return root;
        }
        catch (JsonException broken)
        {
            var line = (int)(broken.LineNumber ?? 0) + 1;
            problems.Add(ConfigPath.Root, "this is not JSON", new SourcePosition(source, line, (int)(broken.BytePositionInLine ?? 0) + 1));
            return null;
        }
        catch (InvalidOperationException)
        {
            problems.Add(
                ConfigPath.Root,
                "a string is not Unicode text (half of a surrogate pair)",
                new SourcePosition(source, 0));
            return null;
        }
    }

    private DocumentNode ReadNode(ConfigPath path)
    {
        var position = Position();
        return _tokens.TokenType switch
        {
            JsonTokenType.StartObject => ReadMap(path, position),
            JsonTokenType.StartArray => ReadList(path, position),
            JsonTokenType.String => new DocumentScalar { Text = _tokens.GetString()!, IsQuoted = true, Position = position },
            _ => new DocumentScalar { Text = Encoding.UTF8.GetString(_tokens.ValueSpan), Position = position },
        };
    }

    private DocumentList ReadList(ConfigPath path, SourcePosition position)
    {
        var list = new DocumentList { Position = position };
        while (_tokens.Read() && _tokens.TokenType != JsonTokenType.EndArray)
        {
            list.Items.Add(ReadNode(path[list.Items.Count]));
        }

        return list;
    }

    private DocumentMap ReadMap(ConfigPath path, SourcePosition position)
    {
        var map = new DocumentMap { Position = position };
        while (_tokens.Read() && _tokens.TokenType != JsonTokenType.EndObject)
        {
            var key = _tokens.GetString()!;
            var at = Position();
            _tokens.Read();
            var value = ReadNode(path[key]);
            value.Position = at;
            if (!map.Entries.TryAdd(key, value))
            {
                _problems.Add(path[key], $"given twice, first in line {map.Entries[key].Position.Line}", at);
            }
        }

        return map;
    }

    private SourcePosition Position()
    {
        var at = (int)_tokens.TokenStartIndex;
        var passed = _utf8[_counted..at];
        if (passed.LastIndexOf((byte)'\n') is >= 0 and var last)
        {
            _line += passed.Count((byte)'\n');
            _lineStart = _counted + last + 1;
        }

        _counted = at;
        return new SourcePosition(_source, _line, Encoding.UTF8.GetCharCount(_utf8[_lineStart..at]) + 1);
    }
}
