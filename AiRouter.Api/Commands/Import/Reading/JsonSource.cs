using System.Text;
using System.Text.Json;

namespace AiRouter.Api.Commands.Import.Reading;

/// <summary>Reads JSON; the last of two equal names counts, as in Go.</summary>
internal static class JsonSource
{
    public static SourceFile Read(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = SourceFile.MostDepth });
        var lines = new LineCount(utf8);
        try
        {
            if (!json.Read())
            {
                return SourceFile.Broken("the file is empty");
            }

            var root = ReadValue(ref json, lines);
            json.Read();
            return new SourceFile(root, null);
        }
        catch (JsonException broken)
        {
            return SourceFile.Broken("this is not JSON", (broken.LineNumber ?? -1) + 1, (broken.BytePositionInLine ?? -1) + 1);
        }
        catch (InvalidOperationException)
        {
            // Of half a surrogate pair in a text.
            return SourceFile.Broken("this is not JSON", lines.Of(json.TokenStartIndex));
        }
    }

    private static SourceValue ReadValue(ref Utf8JsonReader json, LineCount lines)
    {
        var line = lines.Of(json.TokenStartIndex);
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new SourceValue { Kind = SourceKind.Map, Line = line };
                while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                {
                    var name = json.GetString()!;
                    json.Read();
                    map.Add(name, ReadValue(ref json, lines));
                }

                return map;
            case JsonTokenType.StartArray:
                var list = new SourceValue { Kind = SourceKind.List, Line = line };
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                {
                    list.Add(ReadValue(ref json, lines));
                }

                return list;
            case JsonTokenType.String:
                return new SourceValue { Kind = SourceKind.Text, Line = line, Text = json.GetString()! };
            default:
                return new SourceValue { Kind = SourceKind.Plain, Line = line, Text = Encoding.UTF8.GetString(json.ValueSpan) };
        }
    }

    /// <summary>Which line a byte is in, asked in rising order.</summary>
    private sealed class LineCount(byte[] utf8)
    {
        private int _at;
        private int _line = 1;

        public int Of(long index)
        {
            var end = (int)Math.Min(index, utf8.Length);
            if (end > _at)
            {
                _line += utf8.AsSpan(_at..end).Count((byte)'\n');
                _at = end;
            }

            return _line;
        }
    }
}
