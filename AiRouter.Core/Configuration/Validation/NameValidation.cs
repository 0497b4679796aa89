using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>Checks of names that several parts of the document have.</summary>
internal static class NameValidation
{
    public static void CheckOperations(
        IReadOnlyList<string>? operations, IReadOnlyList<string> known, ConfigPath path, ProblemList problems)
    {
        for (var i = 0; i < operations?.Count; i++)
        {
            if (operations[i] is { } operation && !known.Contains(operation, StringComparer.Ordinal))
            {
                problems.Add(path[i], $"there is no operation \"{operation}\"{NearMiss.Hint(operation, known)}");
            }
        }
    }

    public static void CheckPatterns(IReadOnlyList<string>? patterns, ConfigPath path, ProblemList problems)
    {
        for (var i = 0; i < patterns?.Count; i++)
        {
            if (patterns[i] is { } pattern)
            {
                CheckPattern(pattern, path[i], problems);
            }
        }
    }

    public static void CheckPattern(string pattern, ConfigPath path, ProblemList problems)
    {
        if (pattern.Length is 0 or > 256 || pattern != pattern.Trim())
        {
            problems.Add(path, "a pattern has 1 to 256 characters and no space at its ends; * stands for any text");
        }
    }
}
