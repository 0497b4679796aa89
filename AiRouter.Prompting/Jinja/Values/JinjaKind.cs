using System.Diagnostics.CodeAnalysis;

namespace AiRouter.Prompting.Jinja.Values;

/// <summary>What a <see cref="JinjaValue"/> is, in Python's terms.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "These are the names of Python's types.")]
public enum JinjaKind : byte
{
    /// <summary>Nothing of that name: prints as nothing, most other uses are errors.</summary>
    Undefined,

    /// <summary><c>None</c>.</summary>
    None,

    /// <summary><c>True</c> or <c>False</c>.</summary>
    Boolean,

    /// <summary>A whole number of any size.</summary>
    Integer,

    /// <summary>A floating point number.</summary>
    Float,

    /// <summary>Text.</summary>
    String,

    /// <summary>A list.</summary>
    List,

    /// <summary>A tuple.</summary>
    Tuple,

    /// <summary>A dictionary.</summary>
    Dict,

    /// <summary>Anything else: functions, ranges, generators, namespaces, loops.</summary>
    Object,
}
