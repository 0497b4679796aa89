namespace AiRouter.Prompting.Jinja.Library.Methods;

/// <summary>The methods of Python's <c>tuple</c>.</summary>
internal static class TupleMethods
{
    /// <summary>The method <paramref name="name"/>.</summary>
    public static JinjaMethod? Find(string name) => name switch
    {
        "count" => ListMethods.Count,
        "index" => ListMethods.Index,
        _ => null,
    };
}
