using System.Text.RegularExpressions;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary>What <c>.dockerignore</c> keeps from the builder: the last pattern that fits decides, as Docker reads it.</summary>
internal sealed class DockerIgnore
{
    private readonly List<(Regex Pattern, bool Ignores)> _rules;

    private DockerIgnore(string text)
    {
        _rules = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(static line => !line.StartsWith('#'))
            .Select(static line => (Compile(line.TrimStart('!').Trim('/')), !line.StartsWith('!')))];
    }

    /// <summary>That of this repository.</summary>
    public static DockerIgnore Ours { get; } = new(Checkout.Read(".dockerignore"));

    /// <summary>Whether the builder does not see a file, by its path in the repository.</summary>
    public bool Ignores(string file) => _rules.LastOrDefault(rule => rule.Pattern.IsMatch(file)) is { Pattern: not null, Ignores: true };

    // A pattern that fits a folder fits all that is in it.
    private static Regex Compile(string pattern) => new(
        "^" + Regex.Escape(pattern).Replace(@"\*\*/", "(?:.*/)?", StringComparison.Ordinal)
            .Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "(?:/.*)?$",
        RegexOptions.None,
        TimeSpan.FromSeconds(1));
}
