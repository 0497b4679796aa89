using System.Globalization;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace AiRouter.Api.Commands.Import.Reading;

/// <summary>Reads TOML by Tomlyn's syntax tree, which needs no reflection.</summary>
internal static class TomlSource
{
    public static SourceFile Read(string text)
    {
        try
        {
            return Read(SyntaxParser.Parse(text));
        }
        catch (TomlException tooDeep)
        {
            // All else is in the document's diagnostics.
            return SourceFile.Broken("this is not TOML, or nested too deep", tooDeep.Line ?? 0, tooDeep.Column ?? 0);
        }
    }

    private static SourceFile Read(DocumentSyntax document)
    {
        if (document.HasErrors)
        {
            var start = document.Diagnostics.First(static d => d.Kind == DiagnosticMessageKind.Error).Span.Start;
            return SourceFile.Broken("this is not TOML", start.Line + 1, start.Column + 1);
        }

        var root = new SourceValue { Kind = SourceKind.Map, Line = 1 };
        try
        {
            AddAll(root, document.KeyValues, 1);
            foreach (var table in document.Tables)
            {
                AddTable(root, table);
            }
        }
        catch (FormatException tooDeep)
        {
            return SourceFile.Broken(tooDeep.Message);
        }

        return new SourceFile(root, null);
    }

    private static void AddTable(SourceValue root, TableSyntaxBase table)
    {
        var (around, name) = Walk(root, table.Name!);
        var line = LineOf(table);
        var map = new SourceValue { Kind = SourceKind.Map, Line = line };
        if (table is TableArraySyntax)
        {
            if (around.Find(name) is not { Kind: SourceKind.List } list)
            {
                list = new SourceValue { Kind = SourceKind.List, Line = line };
                around.Add(name, list);
            }

            list.Add(map);
        }
        else if (around.Find(name) is { Kind: SourceKind.Map } known)
        {
            // A table below it came first.
            map = known;
        }
        else
        {
            around.Add(name, map);
        }

        AddAll(map, table.Items, Names(table.Name!).Count + 1);
    }

    private static void AddAll(SourceValue map, IEnumerable<KeyValueSyntax> entries, int depth)
    {
        foreach (var entry in entries)
        {
            var (around, name) = Walk(map, entry.Key!);
            around.Add(name, ValueOf(entry.Value!, LineOf(entry), depth + 1));
        }
    }

    /// <summary>The map that the last part of a key is a name in.</summary>
    private static (SourceValue Around, string Name) Walk(SourceValue from, KeySyntax key)
    {
        var names = Names(key);
        if (names.Count > SourceFile.MostDepth)
        {
            throw new FormatException("it is nested too deep");
        }

        foreach (var name in names.Take(names.Count - 1))
        {
            var next = from.Find(name);
            if (next is { Kind: SourceKind.List })
            {
                next = next.Items[^1];
            }

            if (next is not { Kind: SourceKind.Map })
            {
                next = new SourceValue { Kind = SourceKind.Map, Line = LineOf(key) };
                from.Add(name, next);
            }

            from = next;
        }

        return (from, names[^1]);
    }

    private static List<string> Names(KeySyntax key) => [NameOf(key.Key!), .. key.DotKeys.Select(static d => NameOf(d.Key!))];

    private static string NameOf(BareKeyOrStringValueSyntax key) => key switch
    {
        StringValueSyntax text => text.Value ?? "",
        BareKeySyntax bare => bare.Key?.Text ?? "",
        _ => "",
    };

    private static SourceValue ValueOf(ValueSyntax value, int line, int depth)
    {
        if (depth > SourceFile.MostDepth)
        {
            throw new FormatException("it is nested too deep");
        }

        switch (value)
        {
            case StringValueSyntax text:
                return new SourceValue { Kind = SourceKind.Text, Line = line, Text = text.Value ?? "" };
            case ArraySyntax array:
                var list = new SourceValue { Kind = SourceKind.List, Line = line };
                foreach (var item in array.Items)
                {
                    list.Add(ValueOf(item.Value!, LineOf(item), depth + 1));
                }

                return list;
            case InlineTableSyntax table:
                var map = new SourceValue { Kind = SourceKind.Map, Line = line };
                AddAll(map, table.Items.Select(static i => i.KeyValue!), depth);
                return map;
            default:
                return new SourceValue { Kind = SourceKind.Plain, Line = line, Text = TextOf(value) };
        }
    }

    private static string TextOf(ValueSyntax value) => value switch
    {
        BooleanValueSyntax flag => flag.Value ? "true" : "false",
        IntegerValueSyntax number => number.Value.ToString(CultureInfo.InvariantCulture),
        FloatValueSyntax number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        _ => value.ToString()?.Trim() ?? "",
    };

    private static int LineOf(SyntaxNode node) => node.Span.Start.Line + 1;
}
