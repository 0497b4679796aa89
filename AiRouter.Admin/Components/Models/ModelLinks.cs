namespace AiRouter.Admin.Components.Models;

/// <summary>Where models are edited. Names may have any character.</summary>
internal static class ModelLinks
{
    /// <summary>The table.</summary>
    public const string Table = "/models";

    /// <summary>The editor of a new model.</summary>
    public const string New = "/models/edit";

    /// <summary>The editor of a model.</summary>
    public static string Of(string name) => $"/models/edit?name={Uri.EscapeDataString(name)}";
}
