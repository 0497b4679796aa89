namespace AiRouter.Admin.Components.Layout;

/// <summary>Light, dark, or as the system has it: kept in a cookie of the browser.</summary>
/// <param name="Name">As the cookie has it.</param>
/// <param name="Title">As people choose it.</param>
internal sealed record ColourTheme(string Name, string Title)
{
    /// <summary>The cookie; app.js writes it.</summary>
    public const string Cookie = "airouter.theme";

    /// <summary>As the system has it.</summary>
    public static readonly ColourTheme System = new("system", "As the system");

    /// <summary>All, the one that is chosen by default first.</summary>
    public static readonly IReadOnlyList<ColourTheme> All = [System, new("light", "Light"), new("dark", "Dark")];

    /// <summary>What a browser has chosen.</summary>
    public static ColourTheme Of(HttpRequest request) => All.FirstOrDefault(t => t.Name == request.Cookies[Cookie]) ?? System;

    /// <summary>When a style sheet of a shade holds: a media query.</summary>
    public string MediaOf(string shade) =>
        this == System ? $"(prefers-color-scheme: {shade})" : Name == shade ? "all" : "not all";
}
