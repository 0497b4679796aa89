using System.Collections.Frozen;
using AiRouter.Prompting.Jinja.Library;
using AiRouter.Prompting.Jinja.Library.Methods;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>
/// An attribute's name as it stands in a template, with the methods that Python's types have under it. Made when a
/// template is parsed, so that a look-up at run time neither hashes the name nor searches for methods.
/// </summary>
public sealed class JinjaName
{
    // What Python's objects have; the sandbox refuses it even where an item has that name.
    private static readonly FrozenSet<string> OfEveryObject = FrozenSet.Create(
        StringComparer.Ordinal,
        "__class__", "__contains__", "__delattr__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__",
        "__getattribute__", "__getitem__", "__getstate__", "__gt__", "__hash__", "__init__", "__init_subclass__",
        "__iter__", "__le__", "__len__", "__lt__", "__ne__", "__new__", "__reduce__", "__reduce_ex__", "__repr__",
        "__setattr__", "__sizeof__", "__str__", "__subclasshook__");

    private JinjaName(string text)
    {
        Text = text;
        Value = JinjaValue.From(text);
        OfString = StringMethods.Find(text);
        OfList = ListMethods.Find(text);
        OfTuple = TupleMethods.Find(text);
        OfDict = DictMethods.Find(text);
        IsReserved = text.StartsWith('_') && OfEveryObject.Contains(text);
        ChangesDict = Mutators.IsOfDict(text);
    }

    /// <summary>The name.</summary>
    public string Text { get; }

    /// <summary>The name as a value.</summary>
    public JinjaValue Value { get; }

    internal JinjaMethod? OfString { get; }

    internal JinjaMethod? OfList { get; }

    internal JinjaMethod? OfTuple { get; }

    internal JinjaMethod? OfDict { get; }

    internal bool IsReserved { get; }

    internal bool ChangesDict { get; }

    /// <summary>The name <paramref name="text"/>.</summary>
    public static JinjaName Of(string text) => new(text);
}
