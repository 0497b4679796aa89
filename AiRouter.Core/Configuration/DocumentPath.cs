using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration;

/// <summary>Paths of the document as problems and locks show them.</summary>
public static class DocumentPath
{
    /// <summary>The path of what lies below some names, such as <c>models["llama-3.1"].targets</c>.</summary>
    /// <param name="names">The names, from the document's root.</param>
    public static string Of(params ReadOnlySpan<string> names)
    {
        var path = ConfigPath.Root;
        foreach (var name in names)
        {
            path = path[name];
        }

        return path.ToString();
    }

    /// <summary>The path of what lies below another one.</summary>
    /// <param name="around">A path that <see cref="Of"/> or this made.</param>
    /// <param name="name">The name.</param>
    public static string Below(string around, string name)
    {
        var last = Of(name);
        return around.Length == 0 || last.StartsWith('[') ? around + last : $"{around}.{last}";
    }

    /// <summary>A path as it is seen from another one that it is inside of; null: it is not.</summary>
    /// <param name="path">The path.</param>
    /// <param name="around">The one around it.</param>
    public static string? Inside(string path, string around) =>
        path == around ? ""
        : path.StartsWith(around, StringComparison.Ordinal) && path[around.Length] is '.' or '[' ? path[around.Length..].TrimStart('.')
        : null;
}
