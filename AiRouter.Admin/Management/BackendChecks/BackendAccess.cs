using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>
/// Makes a backend ready to be asked by Admin itself, which only admins may (R6): whoever may make Admin send requests to a host of
/// his choice sees what is in Admin's network, and where stored credentials go.
/// </summary>
internal sealed class BackendAccess(ConfigurationEditor editor, ConfigurationChecks checks, AdminOptions options)
{
    /// <summary>The backend, or why it is not asked.</summary>
    /// <param name="name">Its name; of one that is not stored, any.</param>
    /// <param name="asked">The backend as somebody is about to save it; null: as it is stored.</param>
    /// <param name="by">Who wants to ask it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Outcome<ReachedBackend>> PrepareAsync(
        string name, BackendConfig? asked, AdminIdentity by, CancellationToken cancellationToken)
    {
        if (by.Role < AdminRole.Admin)
        {
            return new ManagementFailure(
                FailureKind.Forbidden,
                $"\"{by.Name}\" has the role {by.Role.ToString().ToLowerInvariant()}: only admins may let Admin ask backends.");
        }

        var document = await editor.ReadAsync(cancellationToken);
        var stored = document.Value?.Config.Backends.GetValueOrDefault(name);
        if ((asked ?? stored) is not { } backend)
        {
            return document.Failure ?? new ManagementFailure(FailureKind.NotFound, $"There is no backend \"{name}\".");
        }

        var alone = new Dictionary<string, BackendConfig>(StringComparer.Ordinal) { [name] = KnownCredentials.Checkable(backend) };
        if (checks.Check(new RouterConfig { Backends = alone }).Problems is { Count: > 0 } problems)
        {
            return ManagementFailure.Invalid(problems);
        }

        var (credentials, wrong) = KnownCredentials.Of(name, backend, stored, options.EncryptionKeys);
        return credentials is null ? ManagementFailure.Invalid(wrong) : new ReachedBackend(name, backend, credentials);
    }
}

/// <summary>A backend that Admin asks itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Config">The backend.</param>
/// <param name="Credentials">What Admin knows of its credentials.</param>
internal sealed record ReachedBackend(string Name, BackendConfig Config, KnownCredentials Credentials);
