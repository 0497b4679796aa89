using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>
/// A value of a template, as Python has them. Scalars are held without a box; lists, tuples and dictionaries never
/// change once a template sees them (the sandbox of transformers refuses that too), so copies share them.
/// </summary>
public readonly struct JinjaValue : IEquatable<JinjaValue>
{
    // One of: string (also an undefined value's name), BigInteger, JinjaValue[], JinjaDict, JinjaObject,
    // JinjaUndefined.
    private readonly object? _reference;

    // The number; of a string 1 when it is markup; of an undefined attribute 1 + the kind of what lacks it.
    private readonly long _bits;

    private JinjaValue(JinjaKind kind, object? reference, long bits = 0)
    {
        _reference = reference;
        _bits = bits;
        Kind = kind;
    }

    /// <summary><c>None</c>.</summary>
    public static JinjaValue None => new(JinjaKind.None, null);

    /// <summary><c>True</c>.</summary>
    public static JinjaValue True => new(JinjaKind.Boolean, null, 1);

    /// <summary><c>False</c>.</summary>
    public static JinjaValue False => new(JinjaKind.Boolean, null);

    /// <summary>The empty text.</summary>
    public static JinjaValue EmptyString => new(JinjaKind.String, string.Empty);

    /// <summary>The empty list.</summary>
    public static JinjaValue EmptyList => new(JinjaKind.List, Array.Empty<JinjaValue>());

    /// <summary>What it is.</summary>
    public JinjaKind Kind { get; }

    /// <summary>Whether there is no such value.</summary>
    public bool IsUndefined => Kind == JinjaKind.Undefined;

    /// <summary>Whether it is <c>None</c>.</summary>
    public bool IsNone => Kind == JinjaKind.None;

    /// <summary>Whether it is text.</summary>
    public bool IsString => Kind == JinjaKind.String;

    /// <summary>Whether it counts as true in a condition.</summary>
    public bool IsTrue => Kind switch
    {
        JinjaKind.Boolean => _bits != 0,
        JinjaKind.Integer => _bits != 0 || _reference is not null,
        JinjaKind.Float => BitConverter.Int64BitsToDouble(_bits) != 0,
        JinjaKind.String => AsString.Length != 0,
        JinjaKind.List or JinjaKind.Tuple => AsItems.Length != 0,
        JinjaKind.Dict => AsDict.Count != 0,
        JinjaKind.Object => AsObject.IsTrue,
        _ => false,
    };

    /// <summary>
    /// Whether it is <c>default</c>, which stands for a variable without a value and which no expression gives.
    /// </summary>
    internal bool IsMissing => Kind == JinjaKind.Undefined && _reference is null;

    internal bool IsMarkup => Kind == JinjaKind.String && _bits != 0;

    internal bool IsSequence => Kind is JinjaKind.List or JinjaKind.Tuple;

    /// <summary>Whether it is a whole number (a boolean is one in Python) within 64 bits.</summary>
    internal bool IsSmallInteger =>
        Kind == JinjaKind.Boolean || (Kind == JinjaKind.Integer && _reference is null);

    internal bool IsInteger => Kind is JinjaKind.Boolean or JinjaKind.Integer;

    internal bool IsNumber => Kind is JinjaKind.Boolean or JinjaKind.Integer or JinjaKind.Float;

    // The accessors below do not check the kind: whoever calls them has.
    internal string AsString => Unsafe.As<string>(_reference!);

    internal JinjaValue[] AsItems => Unsafe.As<JinjaValue[]>(_reference!);

    internal JinjaDict AsDict => Unsafe.As<JinjaDict>(_reference!);

    internal JinjaObject AsObject => Unsafe.As<JinjaObject>(_reference!);

    internal long AsInt64 => _bits;

    internal double AsDouble => BitConverter.Int64BitsToDouble(_bits);

    internal BigInteger AsBigInteger => _reference is BigInteger big ? big : _bits;

    internal object? Reference => _reference;

    /// <summary>A boolean.</summary>
    public static JinjaValue From(bool value) => new(JinjaKind.Boolean, null, value ? 1 : 0);

    /// <summary>A whole number.</summary>
    public static JinjaValue From(long value) => new(JinjaKind.Integer, null, value);

    /// <summary>A whole number.</summary>
    public static JinjaValue From(BigInteger value) => value >= long.MinValue && value <= long.MaxValue
        ? new(JinjaKind.Integer, null, (long)value)
        : new(JinjaKind.Integer, value);

    /// <summary>A floating point number.</summary>
    public static JinjaValue From(double value) => new(JinjaKind.Float, null, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Text; <c>None</c> for null.</summary>
    public static JinjaValue From(string? value) => value is null ? None : new(JinjaKind.String, value);

    /// <summary>An object.</summary>
    public static JinjaValue From(JinjaObject value) => new(JinjaKind.Object, value);

    /// <summary>A dictionary, which must not change any more.</summary>
    public static JinjaValue From(JinjaDict value) => new(JinjaKind.Dict, value);

    /// <summary>A list of <paramref name="items"/>, which must not change any more.</summary>
    public static JinjaValue List(params JinjaValue[] items) => new(JinjaKind.List, items);

    /// <summary>A tuple of <paramref name="items"/>, which must not change any more.</summary>
    public static JinjaValue Tuple(params JinjaValue[] items) => new(JinjaKind.Tuple, items);

    /// <summary>What <c>json.loads</c> gives: whole numbers stay whole, others are floating point.</summary>
    /// <exception cref="JinjaValueException">A number has more digits than Python reads (4300).</exception>
    public static JinjaValue FromJson(JsonElement element) => JsonReading.Read(element);

    /// <summary>No variable is called <paramref name="name"/>.</summary>
    public static JinjaValue Undefined(string name) => new(JinjaKind.Undefined, name);

    /// <summary>An undefined value; <paramref name="hint"/> is what a use of it says.</summary>
    public static JinjaValue UndefinedBecause(string hint) => new(JinjaKind.Undefined, new HintedUndefined(hint));

    internal static JinjaValue Refused(string hint) =>
        new(JinjaKind.Undefined, new HintedUndefined(hint, "SecurityError"));

    internal static JinjaValue Markup(string value) => new(JinjaKind.String, value, 1);

    /// <summary><paramref name="owner"/> has nothing called <paramref name="name"/>.</summary>
    internal static JinjaValue Missing(in JinjaValue owner, string name) => owner.Kind == JinjaKind.Object
        ? new(JinjaKind.Undefined, new MissingItem(PythonTypes.Describe(owner), From(name)))
        : new(JinjaKind.Undefined, name, 1 + (int)owner.Kind);

    /// <summary><paramref name="owner"/> has nothing under <paramref name="key"/>.</summary>
    internal static JinjaValue Missing(in JinjaValue owner, in JinjaValue key) => key.Kind == JinjaKind.String
        ? Missing(owner, key.AsString)
        : new(JinjaKind.Undefined, new MissingItem(PythonTypes.Describe(owner), key));

    /// <summary>The text, when it is one.</summary>
    public bool TryGetString([NotNullWhen(true)] out string? text)
    {
        text = Kind == JinjaKind.String ? AsString : null;
        return text is not null;
    }

    /// <summary>The number, when it is a whole one (booleans are) within 64 bits.</summary>
    public bool TryGetInt64(out long number)
    {
        number = IsSmallInteger ? _bits : 0;
        return IsSmallInteger;
    }

    /// <summary>The dictionary, when it is one.</summary>
    public bool TryGetDict([NotNullWhen(true)] out JinjaDict? dict)
    {
        dict = Kind == JinjaKind.Dict ? AsDict : null;
        return dict is not null;
    }

    /// <summary>The object, when it is one.</summary>
    public bool TryGetObject([NotNullWhen(true)] out JinjaObject? value)
    {
        value = Kind == JinjaKind.Object ? AsObject : null;
        return value is not null;
    }

    /// <summary>The items of a list or tuple.</summary>
    public bool TryGetItems(out ReadOnlySpan<JinjaValue> items)
    {
        items = IsSequence ? AsItems : [];
        return IsSequence;
    }

    /// <summary>What a use of this undefined value raises.</summary>
    internal JinjaValueException UndefinedError() => _reference switch
    {
        JinjaUndefined detail => new JinjaValueException(detail.Type, detail.Message),
        string name when _bits == 0 => new JinjaValueException(
            "UndefinedError", $"{PythonText.Repr(name)} is undefined"),
        string name => new JinjaValueException(
            "UndefinedError",
            $"'{PythonTypes.Describe((JinjaKind)(_bits - 1))}' has no attribute {PythonText.Repr(name)}"),
        _ => new JinjaValueException("UndefinedError", "the value is undefined"),
    };

    /// <summary>Python's <c>is</c>.</summary>
    internal bool IsSameAs(in JinjaValue other) =>
        Kind == other.Kind && _bits == other._bits && Kind != JinjaKind.Undefined &&
        (ReferenceEquals(_reference, other._reference) || (Kind is JinjaKind.Integer && Equals(other)));

    /// <summary>Python's <c>==</c>.</summary>
    public bool Equals(JinjaValue other) => Comparison.AreEqual(this, other, null);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is JinjaValue other && Equals(other);

    /// <summary>A hash that agrees with Python's <c>==</c>.</summary>
    public override int GetHashCode() => Comparison.HashOf(this);

    /// <summary>
    /// Python's <c>str</c>, for messages: of a list or dictionary no more than some hundred characters.
    /// </summary>
    public override string ToString() => PythonText.Str(this, null);

    /// <summary>Python's <c>==</c>.</summary>
    public static bool operator ==(JinjaValue left, JinjaValue right) => left.Equals(right);

    /// <summary>Python's <c>!=</c>.</summary>
    public static bool operator !=(JinjaValue left, JinjaValue right) => !left.Equals(right);
}
