using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Keys;

/// <summary>Tells beside each field what is wrong with it.</summary>
internal static class FieldProblems
{
    /// <summary>What is wrong with a field or with anything in it, as a sentence; null: nothing.</summary>
    /// <param name="problems">Everything that is wrong.</param>
    /// <param name="path">The field, such as <c>limits.requestsPerMinute</c>.</param>
    public static string? In(this IReadOnlyList<ConfigurationProblem> problems, string path) =>
        Sentences(problems.Where(p => IsInside(p.Path, path)));

    /// <summary>What is wrong with a field itself, as a sentence; null: nothing.</summary>
    public static string? At(this IReadOnlyList<ConfigurationProblem> problems, string path) => Sentences(problems.Where(p => p.Path == path));

    /// <summary>Where a model's limits are told of.</summary>
    /// <param name="model">The name or pattern.</param>
    // Names that are not plain stand in brackets, as in the messages about the document.
    public static string PathOf(string model) =>
        model.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '*') ? $"modelLimits.{model}" : $"modelLimits[\"{model}\"]";

    private static bool IsInside(string path, string field) =>
        path.StartsWith(field, StringComparison.Ordinal) && (path.Length == field.Length || path[field.Length] is '.' or '[');

    private static string? Sentences(IEnumerable<ConfigurationProblem> problems) =>
        string.Join(" ", problems.Select(static p => Sentence(p.Message)).Distinct()) is { Length: > 0 } text ? text : null;

    /// <summary>A message as a sentence.</summary>
    public static string Sentence(string message) =>
        message.Length == 0 ? "" : char.ToUpperInvariant(message[0]) + message[1..].TrimEnd('.') + ".";
}
