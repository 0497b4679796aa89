using AiRouter.Admin.Management.Models;

namespace AiRouter.Admin.Components.Models;

/// <summary>What is said before a model is removed or renamed.</summary>
internal static class ModelTexts
{
    private const int MostNames = 5;

    /// <summary>What removing a model means.</summary>
    public static string Removal(string name, ModelUses uses) => string.Join(' ', new[]
    {
        uses.Heir is { } heir ? $"Clients that ask for {name} are then answered by {heir}." : $"Clients that ask for {name} get 404 from then on.",
        KeysThatName(uses),
        "It can be undone: Configuration, History.",
    }.OfType<string>());

    /// <summary>What renaming a model means.</summary>
    public static string Renaming(ModelUses uses) => string.Join(' ', new[]
    {
        uses.Heir is { } heir ? $"Clients that still ask for the old name are answered by {heir}." : "Clients that still ask for the old name get 404.",
        uses.Places.Count > 0 ? $"The new name is written wherever the document has the old one: {Some(uses.Places)}." : null,
        KeysThatName(uses) is { } keys ? $"{keys} Give them the new one there." : null,
    }.OfType<string>());

    private static string? KeysThatName(ModelUses uses) => uses.Keys.Count switch
    {
        0 => null,
        1 => $"The key {uses.Keys[0]} names it.",
        _ => $"{uses.Keys.Count} keys name it: {Some(uses.Keys)}.",
    };

    private static string Some(IReadOnlyList<string> names) =>
        names.Count <= MostNames ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more";
}
