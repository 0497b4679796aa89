using AiRouter.Admin.Management.Configuration;
using AiRouter.Core.Administration;
using AiRouter.Core.Keys;

namespace AiRouter.Admin.Management.Audit;

/// <summary>Who did what: the configuration's history, and the audits of client keys and of admins, in one list.</summary>
internal sealed class AuditTrail(AdminKeyStore admins, IKeyStore keys, ConfigurationEditor editor)
{
    /// <summary>The most entries that can be asked for.</summary>
    public const int Most = 1000;

    /// <summary>The last entries, newest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> LastAsync(int count, CancellationToken cancellationToken)
    {
        var own = await admins.AuditAsync(count, cancellationToken);
        var ofKeys = (await keys.AuditAsync(count, cancellationToken))
            .Select(static k => new AuditEntry(k.Change.At, k.Change.By, $"key.{k.Action}", k.Id, k.Name, k.Differences));
        var ofConfiguration = (await editor.HistoryAsync(cancellationToken))
            .Select(static c => new AuditEntry(c.At, c.By, "configuration.save", ETags.Of(c.Version).Trim('"'), c.Comment, c.Differences));
        return [.. own.Concat(ofKeys).Concat(ofConfiguration).OrderByDescending(static e => e.At).Take(count)];
    }
}
