using System.Buffers;
using System.Globalization;
using AiRouter.Prompting.Jinja.Library.Objects;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>Python's <c>json.dumps</c>.</summary>
internal ref struct JsonWriting
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x80).Select(c => (char)c).Where(c => c is < ' ' or '"' or '\\')]);

    private static readonly SearchValues<char> EscapedOrNotAscii = SearchValues.Create(
        [.. Enumerable.Range(0, 0x10000).Select(c => (char)c).Where(c => c is < ' ' or '"' or '\\' or > '~')]);

    private readonly JinjaText _output;
    private int _level;

    /// <summary>Writes to <paramref name="output"/>.</summary>
    public JsonWriting(JinjaText output)
    {
        _output = output;
    }

    /// <summary>Whether all but ASCII is escaped.</summary>
    public required bool EnsuresAscii { get; init; }

    /// <summary>What a level is indented by; null: all on one line.</summary>
    public required string? Indent { get; init; }

    /// <summary>What stands between items.</summary>
    public required string ItemSeparator { get; init; }

    /// <summary>What stands between a key and its value.</summary>
    public required string KeySeparator { get; init; }

    /// <summary>Whether keys are sorted.</summary>
    public required bool SortsKeys { get; init; }

    /// <summary>Writes <paramref name="value"/>.</summary>
    /// <exception cref="JinjaValueException">JSON has no such value.</exception>
    public void Write(in JinjaValue value)
    {
        switch (value.Kind)
        {
            case JinjaKind.String:
                WriteText(value.AsString);
                break;
            case JinjaKind.None:
                _output.Append("null");
                break;
            case JinjaKind.Boolean:
                _output.Append(value.IsTrue ? "true" : "false");
                break;
            case JinjaKind.Integer:
                PythonText.AppendInteger(_output, value);
                break;
            case JinjaKind.Float:
                _output.Append(Float(value.AsDouble));
                break;
            case JinjaKind.List or JinjaKind.Tuple:
                WriteItems(value.AsItems);
                break;
            case JinjaKind.Dict:
                WriteDict(value.AsDict);
                break;
            case JinjaKind.Object when value.AsObject is GroupTuple group:
                Write(group.AsTuple);
                break;
            default:
                throw JinjaValueException.TypeError(
                    $"Object of type {PythonTypes.NameOf(value)} is not JSON serializable");
        }
    }

    private void WriteItems(JinjaValue[] items)
    {
        if (items.Length == 0)
        {
            _output.Append("[]");
            return;
        }

        Open('[', items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            Next(isFirst: i == 0);
            Write(items[i]);
        }

        Close(']');
    }

    private void WriteDict(JinjaDict dict)
    {
        if (dict.Count == 0)
        {
            _output.Append("{}");
            return;
        }

        Open('{', dict.Count);
        var entries = SortsKeys ? Sorted(dict) : dict.Entries;
        for (var i = 0; i < entries.Length; i++)
        {
            Next(isFirst: i == 0);
            WriteKey(entries[i].Key);
            _output.Append(KeySeparator);
            Write(entries[i].Value);
        }

        Close('}');
    }

    private readonly ReadOnlySpan<KeyValuePair<JinjaValue, JinjaValue>> Sorted(JinjaDict dict)
    {
        var entries = dict.Entries.ToArray();
        var keys = Array.ConvertAll(entries, e => e.Key);
        PythonSort.Sort(keys, entries, isReversed: false, _output.Run!);
        return entries;
    }

    private readonly void WriteKey(in JinjaValue key)
    {
        switch (key.Kind)
        {
            case JinjaKind.String:
                WriteText(key.AsString);
                break;
            case JinjaKind.None:
                _output.Append("\"null\"");
                break;
            case JinjaKind.Boolean:
                _output.Append(key.IsTrue ? "\"true\"" : "\"false\"");
                break;
            case JinjaKind.Integer:
                _output.Append('"');
                PythonText.AppendInteger(_output, key);
                _output.Append('"');
                break;
            case JinjaKind.Float:
                _output.Append($"\"{Float(key.AsDouble)}\"");
                break;
            default:
                throw JinjaValueException.TypeError(
                    $"keys must be str, int, float, bool or None, not {PythonTypes.NameOf(key)}");
        }
    }

    private void Open(char bracket, int count)
    {
        Comparison.RequireStack();
        _output.Run?.Spend(count);
        _output.Append(bracket);
        _level++;
    }

    private readonly void Next(bool isFirst)
    {
        if (!isFirst)
        {
            _output.Append(ItemSeparator);
        }

        NewLine();
    }

    private void Close(char bracket)
    {
        _level--;
        NewLine();
        _output.Append(bracket);
    }

    private readonly void NewLine()
    {
        if (Indent is null)
        {
            return;
        }

        _output.Append('\n');
        for (var i = 0; i < _level; i++)
        {
            _output.Append(Indent);
        }
    }

    private readonly void WriteText(ReadOnlySpan<char> text)
    {
        var special = EnsuresAscii ? EscapedOrNotAscii : Escaped;
        _output.Append('"');
        for (var next = text.IndexOfAny(special); next >= 0; next = text.IndexOfAny(special))
        {
            _output.Append(text[..next]);
            WriteEscape(text[next]);
            text = text[(next + 1)..];
        }

        _output.Append(text);
        _output.Append('"');
    }

    private readonly void WriteEscape(char c)
    {
        switch (c)
        {
            case '"':
                _output.Append("\\\"");
                break;
            case '\\':
                _output.Append(@"\\");
                break;
            case '\n':
                _output.Append(@"\n");
                break;
            case '\r':
                _output.Append(@"\r");
                break;
            case '\t':
                _output.Append(@"\t");
                break;
            case '\b':
                _output.Append(@"\b");
                break;
            case '\f':
                _output.Append(@"\f");
                break;
            default:
                _output.Append(@"\u");
                _output.Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string Float(double value) => value switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => "Infinity",
        double.NegativeInfinity => "-Infinity",
        _ => PythonFloat.Text(value),
    };
}
