using System.Text;
using AiRouter.Prompting.Jinja.Library.Methods;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Text;

/// <summary>Python's <c>pprint.pformat</c>: keys sorted, what is wider than 80 columns on several lines.</summary>
internal sealed class PrettyPrinting
{
    private const int Width = 80;

    private readonly JinjaText _output;
    private readonly JinjaRun _run;

    private PrettyPrinting(JinjaText output, JinjaRun run)
    {
        _output = output;
        _run = run;
    }

    /// <summary>The text.</summary>
    public static string Print(in JinjaValue value, JinjaRun run)
    {
        using var output = new JinjaText(run);
        new PrettyPrinting(output, run).Write(Sorted(value, run), 0, 0, isOuter: true);
        return output.ToString();
    }

    private void Write(in JinjaValue value, int indent, int allowance, bool isOuter = false)
    {
        var text = PythonText.Repr(value, _run);
        if (CodePoints.Count(text) <= Width - indent - allowance)
        {
            _output.Append(text);
            return;
        }

        Comparison.RequireStack();
        switch (value.Kind)
        {
            case JinjaKind.String when !value.IsMarkup:
                WriteText(value.AsString, indent, allowance, isOuter);
                break;
            case JinjaKind.List:
                WriteItems(value.AsItems, "[", "]", indent, allowance);
                break;
            case JinjaKind.Tuple:
                WriteItems(value.AsItems, "(", value.AsItems.Length == 1 ? ",)" : ")", indent, allowance);
                break;
            case JinjaKind.Dict:
                WriteDict(value.AsDict, indent + 1, allowance + 1);
                break;
            default:
                _output.Append(text);
                break;
        }
    }

    private void WriteItems(JinjaValue[] items, string open, string close, int indent, int allowance)
    {
        _output.Append(open);
        for (var i = 0; i < items.Length; i++)
        {
            var isLast = i == items.Length - 1;
            Write(items[i], indent + 1, isLast ? allowance + close.Length : 1);
            NextLine(isLast, indent + 1);
        }

        _output.Append(close);
    }

    private void WriteDict(JinjaDict dict, int indent, int allowance)
    {
        _output.Append('{');
        for (var i = 0; i < dict.Count; i++)
        {
            var entry = dict.Entries[i];
            var isLast = i == dict.Count - 1;
            var key = PythonText.Repr(entry.Key, _run);
            _output.Append(key);
            _output.Append(": ");
            Write(entry.Value, indent + CodePoints.Count(key) + 2, isLast ? allowance : 1);
            NextLine(isLast, indent);
        }

        _output.Append('}');
    }

    private void NextLine(bool isLast, int indent)
    {
        if (!isLast)
        {
            _output.Append(",\n");
            _output.Append(' ', indent);
        }
    }

    // Long texts become several, one a line of the text or as many words as fit.
    private void WriteText(string text, int indent, int allowance, bool isOuter)
    {
        indent += isOuter ? 1 : 0;
        allowance += isOuter ? 1 : 0;
        var chunks = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var next = StringSplitting.LineAt(text, start).Next;
            var room = Width - indent - (next == text.Length ? allowance : 0);
            var line = text[start..next];
            if (LengthOf(line) <= room)
            {
                chunks.Add(line);
            }
            else
            {
                Break(line, Width - indent, room, chunks);
            }

            start = next;
        }

        if (chunks.Count == 1)
        {
            StringRepr.Append(_output, text);
            return;
        }

        _output.Append(isOuter ? "(" : string.Empty);
        for (var i = 0; i < chunks.Count; i++)
        {
            if (i > 0)
            {
                _output.Append('\n');
                _output.Append(' ', indent);
            }

            StringRepr.Append(_output, chunks[i]);
        }

        _output.Append(isOuter ? ")" : string.Empty);
    }

    private void Break(string line, int room, int roomAtEnd, List<string> chunks)
    {
        var current = new StringBuilder();
        for (var i = 0; i < line.Length;)
        {
            var start = i;
            while (i < line.Length && !UnicodeClasses.IsSpace(line[i]))
            {
                i++;
            }

            while (i < line.Length && UnicodeClasses.IsSpace(line[i]))
            {
                i++;
            }

            var part = line[start..i];
            if (LengthOf(current + part) > (i == line.Length ? roomAtEnd : room) && current.Length > 0)
            {
                chunks.Add(current.ToString());
                current.Clear();
            }

            current.Append(part);
        }

        if (current.Length > 0)
        {
            chunks.Add(current.ToString());
        }
    }

    private int LengthOf(string text) => CodePoints.Count(PythonText.Repr(JinjaValue.From(text), _run));

    private static JinjaValue Sorted(in JinjaValue value, JinjaRun run)
    {
        Comparison.RequireStack();
        run.Spend(1);
        switch (value.Kind)
        {
            case JinjaKind.List:
                run.Reserve(value.AsItems.Length);
                return JinjaValue.List(Array.ConvertAll(value.AsItems, i => Sorted(i, run)));
            case JinjaKind.Tuple:
                run.Reserve(value.AsItems.Length);
                return JinjaValue.Tuple(Array.ConvertAll(value.AsItems, i => Sorted(i, run)));
            case JinjaKind.Dict:
                return Sorted(value.AsDict, run);
            default:
                return value;
        }
    }

    // What cannot be compared goes by the names of the types.
    private static bool IsBefore(in JinjaValue left, in JinjaValue right, JinjaRun run)
    {
        var isComparable = (left.IsNumber && right.IsNumber) || (left.IsString && right.IsString);
        return isComparable
            ? Comparison.IsLess(left, right, run)
            : string.CompareOrdinal(PythonTypes.NameOf(left), PythonTypes.NameOf(right)) < 0;
    }

    private static JinjaValue Sorted(JinjaDict dict, JinjaRun run)
    {
        run.Reserve(dict.Count);
        var entries = dict.Entries.ToArray();
        var keys = Array.ConvertAll(entries, e => e.Key);
        PythonSort.Sort(keys, entries, isReversed: false, run, IsBefore);
        var sorted = new JinjaDict(entries.Length);
        foreach (var entry in entries)
        {
            sorted.Set(entry.Key, Sorted(entry.Value, run));
        }

        return JinjaValue.From(sorted);
    }
}
