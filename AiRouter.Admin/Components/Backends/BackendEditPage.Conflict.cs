using System.Text;
using AiRouter.Admin.Components.Shared.Comparing;
using AiRouter.Admin.Management.BackendChecks;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Admin.Components.Backends;

/// <content>Somebody else saved the same backend meanwhile.</content>
public sealed partial class BackendEditPage
{
    /// <summary>A backend that both changed, with the credentials that were given here: the texts that were merged have none.</summary>
    internal static BackendConfig WithGiven(BackendConfig merged, BackendConfig wanted) => merged with
    {
        ApiKey = wanted.ApiKey is not null && merged.ApiKey == StoredCredentials.Placeholder ? wanted.ApiKey : merged.ApiKey,
        Headers = merged.Headers.ToDictionary(
            static h => h.Key,
            h => h.Value == StoredCredentials.Placeholder && wanted.Headers.TryGetValue(h.Key, out var given) ? given : h.Value,
            StringComparer.OrdinalIgnoreCase),
    };

    private async Task ResolveAsync(BackendSave save)
    {
        var read = await Session.ReadAsync(cancellationToken => Editor.ReadAsync(save.Name, cancellationToken));
        if (read.Value is not { } now)
        {
            await ShowAsync(read.Failure!);
            return;
        }

        // What the form began with: what is known of the document may have been read anew since.
        var conflict = Conflict.OfJson($"The backend \"{save.Name}\"", _began, JsonOf(now.Config!), JsonOf(save.Config));
        switch (await ConflictDialog.AskAsync(Dialogs, conflict))
        {
            case ConflictAnswer.TakeTheirs:
                await ReadAsync();
                break;
            case ConflictAnswer.SaveMine:
                await SaveAsync(save with { Tag = now.Tag });
                break;
            case ConflictAnswer.SaveBoth when conflict.Merged is { } json &&
                RecordJson.Read<BackendConfig>(Encoding.UTF8.GetBytes(json)).Record is { } merged:
                await SaveAsync(save with { Config = WithGiven(merged, save.Config), Tag = now.Tag });
                break;
            default:
                break;
        }
    }

    // Never with a credential in it.
    private static string JsonOf(BackendConfig config)
    {
        var alone = new RouterConfig { Backends = new Dictionary<string, BackendConfig> { ["b"] = config } };
        return ConfigurationJson.WriteRecord(Shown.Of(alone).Backends["b"]);
    }
}
