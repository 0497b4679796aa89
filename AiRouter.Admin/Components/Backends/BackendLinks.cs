namespace AiRouter.Admin.Components.Backends;

/// <summary>Where backends are edited. Names may have any character.</summary>
internal static class BackendLinks
{
    /// <summary>The list.</summary>
    public const string List = "/backends";

    /// <summary>The editor of a new backend.</summary>
    public const string New = "/backends/edit";

    /// <summary>The editor of a backend.</summary>
    public static string Of(string name) => $"/backends/edit?name={Uri.EscapeDataString(name)}";

    /// <summary>The editor of a backend, which is tried out at once.</summary>
    public static string Tried(string name) => Of(name) + "&test=true";

    /// <summary>The editor of a new model whose first target is there.</summary>
    public static string ModelFor(string backend, string model) =>
        $"/models/edit?backend={Uri.EscapeDataString(backend)}&model={Uri.EscapeDataString(model)}";
}
