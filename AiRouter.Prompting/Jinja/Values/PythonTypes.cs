namespace AiRouter.Prompting.Jinja.Values;

/// <summary>The names of Python's types, as error messages have them.</summary>
internal static class PythonTypes
{
    /// <summary><c>type(value).__name__</c>.</summary>
    public static string NameOf(in JinjaValue value) => value.Kind switch
    {
        JinjaKind.Object => value.AsObject.ShortTypeName,
        JinjaKind.String when value.IsMarkup => "Markup",
        _ => NameOf(value.Kind),
    };

    /// <summary>What Jinja2 calls the owner of a missing attribute: <c>dict object</c>, <c>None</c>.</summary>
    public static string Describe(in JinjaValue value) => value.Kind switch
    {
        JinjaKind.Object => $"{value.AsObject.TypeName} object",
        JinjaKind.String when value.IsMarkup => "markupsafe.Markup object",
        _ => Describe(value.Kind),
    };

    public static string Describe(JinjaKind kind) => kind == JinjaKind.None ? "None" : $"{NameOf(kind)} object";

    private static string NameOf(JinjaKind kind) => kind switch
    {
        JinjaKind.Undefined => "Undefined",
        JinjaKind.None => "NoneType",
        JinjaKind.Boolean => "bool",
        JinjaKind.Integer => "int",
        JinjaKind.Float => "float",
        JinjaKind.String => "str",
        JinjaKind.List => "list",
        JinjaKind.Tuple => "tuple",
        JinjaKind.Dict => "dict",
        _ => "object",
    };
}
