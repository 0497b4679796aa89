using System.Text;
using AiRouter.Core.Configuration.Overrides;
using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration;

/// <summary>What the environment says about a document, and so nobody can change in it (R35).</summary>
public static class ConfigurationLocks
{
    /// <summary>The values that variables (<c>AIROUTER__…</c>) lay over a document.</summary>
    /// <param name="document">The document without them.</param>
    /// <param name="environment">The environment.</param>
    public static IReadOnlyList<ConfigurationLock> Of(RouterConfig document, IReadOnlyDictionary<string, string> environment)
    {
        var overrides = new EnvironmentOverrides(new ProblemList());
        if (JsonDocumentReader.Read(Encoding.UTF8.GetBytes(ConfigurationJson.Write(document)), "", new ProblemList()) is DocumentMap map)
        {
            overrides.Apply(map, environment);
        }

        return overrides.Locks;
    }
}

/// <summary>A value that a variable of the environment sets: what the document says there counts for nothing.</summary>
/// <param name="Path">The value, or an object of which the variable sets a part, such as <c>server.maxBodyMiB</c>.</param>
/// <param name="Variable">The variable.</param>
public sealed record ConfigurationLock(string Path, string Variable);
