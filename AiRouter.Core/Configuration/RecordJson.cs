using AiRouter.Core.Configuration.Reading;
using AiRouter.Core.Configuration.Schema;

namespace AiRouter.Core.Configuration;

/// <summary>
/// Reads single records as JSON, as strictly as a configuration file is read: unknown keys, wrong types and values out of
/// their range are problems, each with its path, all at once.
/// </summary>
public static class RecordJson
{
    /// <summary>The record, or what is wrong with its JSON.</summary>
    /// <typeparam name="T">A record of the document, or one like it: properties with defaults.</typeparam>
    /// <param name="utf8">The JSON.</param>
    /// <param name="place">Names that problems are told below, such as <c>backends</c> and <c>gpu-1</c>.</param>
    public static (T? Record, IReadOnlyList<ConfigurationProblem> Problems) Read<T>(
        ReadOnlySpan<byte> utf8, params ReadOnlySpan<string> place)
        where T : class
    {
        var path = ConfigPath.Root;
        foreach (var name in place)
        {
            path = path[name];
        }

        var problems = new ProblemList();
        var root = JsonDocumentReader.Read(utf8, "the request", problems);
        if (problems.Count == 0 && root is not DocumentMap)
        {
            problems.Add(path, "the body must be a JSON object");
        }

        var record = problems.Count == 0 ? (T)new RecordReader(problems).Read(root!, Shapes.Of(typeof(T)), path)! : null;
        return problems.Count == 0 ? (record, []) : (null, problems.Locate(null));
    }
}
