using AiRouter.Core.Configuration.Reading;
using AiRouter.Core.Configuration.Schema;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>What must hold about the client keys.</summary>
internal static class KeyValidation
{
    private static readonly IReadOnlyList<string> Known = new OperationNamesAttribute { WithoutModel = true }.Allowed;

    public static void Check(IReadOnlyList<KeyConfig> keys, ProblemList problems)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var hashes = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < keys.Count; i++)
        {
            var key = keys[i];
            var path = ConfigPath.Root["keys"][i];
            if (key.Name is { } name && (name.Length is 0 or > 128 || name.Any(char.IsControl)))
            {
                problems.Add(path["name"], "a name has 1 to 128 characters, none of them a control character");
            }

            CheckOnce(names, key.Name, i, path["name"], problems);
            CheckOnce(hashes, key.Hash, i, path["hash"], problems);
            NameValidation.CheckPatterns(key.Models, path["models"], problems);
            NameValidation.CheckOperations(key.Operations, Known, path["operations"], problems);
        }
    }

    private static void CheckOnce(Dictionary<string, int> seen, string? value, int index, ConfigPath path, ProblemList problems)
    {
        if (value is not null && !seen.TryAdd(value, index))
        {
            problems.Add(path, $"the same as in keys[{seen[value]}]");
        }
    }
}
