using System.Text;
using AiRouter.Prompting.Jinja.Library.Objects;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Methods;

/// <summary>Python's <c>join</c>, <c>replace</c>, <c>partition</c>, <c>rpartition</c> and <c>encode</c>.</summary>
internal static class StringParts
{
    private static readonly string[] ReplaceParameters = ["old", "new", "count"];

    public static JinjaValue Join(in JinjaValue self, in JinjaCall call)
    {
        var iterable = new CallArguments(call, "join", ["iterable"], 1).Get(0);
        if (!Iteration.IsIterable(iterable))
        {
            throw JinjaValueException.TypeError("can only join an iterable");
        }

        var items = Iteration.ToArray(iterable, call.Run);
        call.Run.Spend(items.Length);
        using var text = new JinjaText(call.Run);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
            {
                text.Append(self.AsString);
            }

            if (self.IsMarkup)
            {
                Html.AppendEscaped(text, items[i]);
            }
            else
            {
                text.Append(items[i].TryGetString(out var item)
                    ? item
                    : throw JinjaValueException.TypeError(
                        $"sequence item {i}: expected str instance, {PythonTypes.NameOf(items[i])} found"));
            }
        }

        return StringMethods.Like(self, text.ToString());
    }

    public static JinjaValue Replace(in JinjaValue self, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "replace", ReplaceParameters, 2);
        var old = arguments.String(0, string.Empty);
        var @new = arguments.String(1, string.Empty);
        var count = arguments.Integer(2, -1);
        if (self.IsMarkup)
        {
            @new = Html.Escape(arguments.Get(1), call.Run);
        }

        return StringMethods.Like(self, Replace(self.AsString, old, @new, count, call.Run));
    }

    /// <summary>
    /// Replaces the first <paramref name="count"/> times, all when it is negative; the same text when there is none.
    /// </summary>
    public static string Replace(string text, string old, string @new, long count, JinjaRun run)
    {
        run.Spend(1 + (text.Length / 64));
        if (count == 0)
        {
            return text;
        }

        if (old.Length == 0)
        {
            return ReplaceEmpty(text, @new, count < 0 ? long.MaxValue : count, run);
        }

        var found = text.IndexOf(old, StringComparison.Ordinal);
        if (found < 0)
        {
            return text;
        }

        using var result = new JinjaText(run);
        var start = 0;
        for (; found >= 0 && count != 0; count--)
        {
            result.Append(text.AsSpan(start, found - start));
            result.Append(@new);
            start = found + old.Length;
            found = text.IndexOf(old, start, StringComparison.Ordinal);
        }

        result.Append(text.AsSpan(start));
        return result.ToString();
    }

    public static JinjaValue Partition(in JinjaValue self, in JinjaCall call) =>
        Partition(self, call, "partition", false);

    public static JinjaValue PartitionLast(in JinjaValue self, in JinjaCall call) =>
        Partition(self, call, "rpartition", true);

    public static JinjaValue Encode(in JinjaValue self, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "encode", ["encoding", "errors"]);
        var name = arguments.String(0, "utf-8");
        var encoding = name.ToLowerInvariant().Replace('_', '-') switch
        {
            "utf-8" or "utf8" => Encoding.UTF8,
            "ascii" or "us-ascii" => Encoding.ASCII,
            "latin-1" or "latin1" or "iso-8859-1" => Encoding.Latin1,
            _ => throw new JinjaValueException("LookupError", $"unknown encoding: {name}"),
        };
        call.Run.Reserve(self.AsString.Length);
        try
        {
            var strict = Encoding.GetEncoding(
                encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            return JinjaValue.From(new JinjaBytes(strict.GetBytes(self.AsString)));
        }
        catch (EncoderFallbackException e)
        {
            throw new JinjaValueException(
                "UnicodeEncodeError", $"'{name}' codec can't encode the character in position {e.Index}");
        }
    }

    private static JinjaValue Partition(in JinjaValue self, in JinjaCall call, string name, bool fromEnd)
    {
        var argument = new CallArguments(call, name, ["sep"], 1).Get(0);
        if (!argument.IsString)
        {
            throw JinjaValueException.TypeError($"must be str, not {PythonTypes.NameOf(argument)}");
        }

        var separator = argument.AsString;
        if (separator.Length == 0)
        {
            throw JinjaValueException.ValueError("empty separator");
        }

        var text = self.AsString;
        call.Run.Reserve(text.Length);
        var found = fromEnd
            ? text.LastIndexOf(separator, StringComparison.Ordinal)
            : text.IndexOf(separator, StringComparison.Ordinal);
        var empty = StringMethods.Like(self, string.Empty);
        if (found < 0)
        {
            return fromEnd ? JinjaValue.Tuple(empty, empty, self) : JinjaValue.Tuple(self, empty, empty);
        }

        return JinjaValue.Tuple(
            StringMethods.Like(self, text[..found]),
            StringMethods.Like(self, separator),
            StringMethods.Like(self, text[(found + separator.Length)..]));
    }

    // Python: before every character and at the end.
    private static string ReplaceEmpty(string text, string @new, long count, JinjaRun run)
    {
        using var result = new JinjaText(run);
        for (var i = 0; i < text.Length;)
        {
            if (count-- > 0)
            {
                result.Append(@new);
            }

            var length = CodePoints.LengthAt(text, i);
            result.Append(text.AsSpan(i, length));
            i += length;
        }

        if (count > 0)
        {
            result.Append(@new);
        }

        return result.ToString();
    }
}
