using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>Fields that routers' environments set (R35): what the document says there counts for nothing, so nobody changes it here.</summary>
internal sealed class FieldLocks(IReplicaDirectory replicas)
{
    /// <summary>Every field that the environment of some live router sets, by path.</summary>
    public async Task<IReadOnlyList<FieldLock>> ReadAsync(CancellationToken cancellationToken) =>
    [
        .. (await replicas.ReadAsync(cancellationToken))
            .SelectMany(static r => r.Locks.Select(l => (Lock: l, r.Host)))
            .GroupBy(static l => l.Lock)
            .Select(static g => new FieldLock(g.Key.Path, g.Key.Variable, [.. g.Select(static l => l.Host).Distinct().Order(StringComparer.Ordinal)]))
            .OrderBy(static l => l.Path, StringComparer.Ordinal),
    ];

    /// <summary>What a change does to locked fields, by path; empty when it leaves them alone.</summary>
    public async Task<IReadOnlyList<ConfigurationProblem>> TouchedByAsync(
        IReadOnlyList<ConfigurationDifference> differences, CancellationToken cancellationToken)
    {
        var locks = await ReadAsync(cancellationToken);
        return
        [
            .. locks.Where(l => differences.Any(d => IsInside(d.Path, l.Path) || IsInside(l.Path, d.Path)))
                .Select(static l => new ConfigurationProblem(
                    l.Path, $"set by {l.Variable} in the environment of {string.Join(", ", l.Hosts)}: change it there", null)),
        ];
    }

    private static bool IsInside(string path, string around) =>
        path.StartsWith(around, StringComparison.Ordinal) && (path.Length == around.Length || path[around.Length] is '.' or '[');
}

/// <summary>A field that routers' environments set.</summary>
/// <param name="Path">The field, such as <c>server.maxBodyMiB</c>.</param>
/// <param name="Variable">The environment variable.</param>
/// <param name="Hosts">The machines of the routers that have it.</param>
public sealed record FieldLock(string Path, string Variable, IReadOnlyList<string> Hosts);
