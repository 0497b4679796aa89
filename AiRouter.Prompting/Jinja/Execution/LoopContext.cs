using System.Collections.Frozen;
using System.Globalization;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>
/// The variable <c>loop</c>, and the loop's place in what it runs over. As in Jinja2, what is not a list is read one item
/// ahead at most, unless the template asks for the length.
/// </summary>
internal sealed class LoopContext : JinjaObject
{
    private static readonly FrozenDictionary<string, LoopAttribute> _names =
        Enum.GetValues<LoopAttribute>().ToFrozenDictionary(
            static attribute => attribute.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    private readonly RecursiveLoop? _recursion;
    private readonly int _depth;

    // Either all items, or where they come from, with the one read ahead.
    private JinjaValue[]? _items;
    private IEnumerator<JinjaValue>? _source;
    private JinjaValue _ahead;
    private bool _hasAhead;

    private long _index = -1;
    private long _length = -1;
    private JinjaValue _current;
    private JinjaValue _before;
    private JinjaValue[]? _changed;

    /// <summary>A loop over a list.</summary>
    public LoopContext(JinjaValue[] items, RecursiveLoop? recursion = null, int depth = 0)
    {
        _items = items;
        _length = items.Length;
        _recursion = recursion;
        _depth = depth;
    }

    /// <summary>A loop over what comes; <paramref name="length"/> is -1 when only the end tells.</summary>
    public LoopContext(IEnumerator<JinjaValue> source, long length, RecursiveLoop? recursion = null, int depth = 0)
    {
        _source = source;
        _length = length;
        _recursion = recursion;
        _depth = depth;
    }

    public override string TypeName => "jinja2.runtime.LoopContext";

    public override bool IsCallable => true;

    public override bool HasLength => true;

    public override long Length => Count();

    public bool IsFirst => _index == 0;

    public bool IsLast => _items is null ? !TryPeek() : _index == _items.Length - 1;

    /// <summary>The attribute called <paramref name="name"/>.</summary>
    public static bool TryParse(string name, out LoopAttribute attribute) => _names.TryGetValue(name, out attribute);

    /// <summary>Goes to the next item.</summary>
    public bool TryNext(out JinjaValue item)
    {
        if (_items is not null)
        {
            if (_index + 1 >= _items.Length)
            {
                item = default;
                return false;
            }

            item = _items[++_index];
            return true;
        }

        if (!TryPeek())
        {
            item = default;
            return false;
        }

        item = _ahead;
        _hasAhead = false;
        _index++;
        _before = _current;
        _current = item;
        return true;
    }

    public JinjaValue Get(LoopAttribute attribute, JinjaRun run) => attribute switch
    {
        LoopAttribute.Index => JinjaValue.From(_index + 1),
        LoopAttribute.Index0 => JinjaValue.From(_index),
        LoopAttribute.RevIndex => JinjaValue.From(Count(run) - _index),
        LoopAttribute.RevIndex0 => JinjaValue.From(Count(run) - _index - 1),
        LoopAttribute.First => JinjaValue.From(IsFirst),
        LoopAttribute.Last => JinjaValue.From(IsLast),
        LoopAttribute.Length => JinjaValue.From(Count(run)),
        LoopAttribute.PrevItem => Previous(),
        LoopAttribute.NextItem => Following(),
        LoopAttribute.Depth => JinjaValue.From(_depth + 1),
        LoopAttribute.Depth0 => JinjaValue.From(_depth),
        _ => JinjaValue.From(new LoopFunction(this, attribute)),
    };

    /// <inheritdoc/>
    public override bool TryGetAttribute(string name, JinjaRun run, out JinjaValue value)
    {
        var exists = TryParse(name, out var attribute);
        value = exists ? Get(attribute, run) : default;
        return exists;
    }

    /// <inheritdoc/>
    public override JinjaValue Call(in JinjaCall call)
    {
        if (_recursion is null)
        {
            throw new JinjaValueException(
                "TypeError", "The loop must have the 'recursive' marker to be called recursively.");
        }

        if (call.Positional.Length != 1 || call.Names.Length != 0)
        {
            throw new JinjaValueException("TypeError", "a loop is called with one argument, what to run over");
        }

        return JinjaValue.From(_recursion.Run(call.Positional[0], _depth + 1));
    }

    /// <inheritdoc/>
    public override void WriteRepr(JinjaText text) =>
        text.Append(string.Create(CultureInfo.InvariantCulture, $"<LoopContext {_index + 1}/{Count(text.Run)}>"));

    public JinjaValue Cycle(in JinjaCall call)
    {
        if (call.Names.Length > 0)
        {
            throw new JinjaValueException(
                "TypeError", $"LoopContext.cycle() got an unexpected keyword argument '{call.Names[0]}'");
        }

        return call.Positional.Length > 0
            ? call.Positional[(int)(_index % call.Positional.Length)]
            : throw new JinjaValueException("TypeError", "no items for cycling given");
    }

    public JinjaValue Changed(in JinjaCall call)
    {
        if (call.Names.Length > 0)
        {
            throw new JinjaValueException(
                "TypeError", $"LoopContext.changed() got an unexpected keyword argument '{call.Names[0]}'");
        }

        var values = call.Positional.ToArray();
        if (_changed is not null &&
            Comparison.AreEqual(JinjaValue.Tuple(_changed), JinjaValue.Tuple(values), call.Run))
        {
            return JinjaValue.False;
        }

        _changed = values;
        return JinjaValue.True;
    }

    private bool TryPeek()
    {
        if (!_hasAhead && _source!.MoveNext())
        {
            _ahead = _source.Current;
            _hasAhead = true;
        }

        return _hasAhead;
    }

    private long Count(JinjaRun? run = null)
    {
        if (_length < 0)
        {
            var rest = new List<JinjaValue>();
            while (_source!.MoveNext())
            {
                run?.Reserve(1);
                run?.Spend(1);
                rest.Add(_source.Current);
            }

            _source = rest.GetEnumerator();
            _length = rest.Count + _index + 1 + (_hasAhead ? 1 : 0);
        }

        return _length;
    }

    private JinjaValue Previous() =>
        _index == 0 ? JinjaValue.UndefinedBecause("there is no previous item")
        : _items is not null ? _items[_index - 1]
        : _before;

    private JinjaValue Following() =>
        IsLast ? JinjaValue.UndefinedBecause("there is no next item")
        : _items is not null ? _items[_index + 1]
        : _ahead;

    /// <summary><c>loop.cycle</c> or <c>loop.changed</c>.</summary>
    private sealed class LoopFunction(LoopContext loop, LoopAttribute attribute) : JinjaObject
    {
        public override string TypeName => "method";

        public override bool IsCallable => true;

        public override JinjaValue Call(in JinjaCall call) =>
            attribute == LoopAttribute.Cycle ? loop.Cycle(call) : loop.Changed(call);

        public override void WriteRepr(JinjaText text) =>
            text.Append($"<bound method LoopContext.{attribute.ToString().ToLowerInvariant()}>");
    }
}
