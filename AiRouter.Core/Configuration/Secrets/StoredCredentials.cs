using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration.Secrets;

/// <summary>
/// What happens to credentials on their way into the store and out of it: they go in encrypted, and come out as
/// <see cref="Placeholder"/>. A document that was read and is written back keeps those that it shows so.
/// </summary>
public static class StoredCredentials
{
    /// <summary>Stands for a credential that is stored, in every answer, and for "keep it" in every request.</summary>
    public const string Placeholder = "set";

    /// <summary>The document as it may be shown: references as they are, everything else that may be secret as the placeholder.</summary>
    public static RouterConfig Hide(RouterConfig config, string placeholder = Placeholder) => config with
    {
        Backends = Map(config.Backends, (_, backend) => backend with
        {
            ApiKey = backend.ApiKey is { } apiKey && !IsShown(apiKey, isApiKey: true) ? placeholder : backend.ApiKey,
            Headers = MapHeaders(backend, (_, value) => IsShown(value, isApiKey: false) ? value : placeholder),
        }),
    };

    /// <summary>Stands for a credential that a change replaces by another, where the change is shown.</summary>
    public const string Changed = "set (changed)";

    /// <summary>
    /// As <see cref="Hide(RouterConfig, string)"/>, of a document that is to take the place of another: a credential that is kept
    /// looks as it did, and one that is replaced is <see cref="Changed"/>, so that a comparison of the two shows that it is.
    /// </summary>
    /// <param name="asked">What somebody wants to save.</param>
    /// <param name="stored">What is stored now; null: nothing.</param>
    public static RouterConfig HideChange(RouterConfig asked, RouterConfig? stored) => asked with
    {
        Backends = Map(asked.Backends, (name, backend) =>
        {
            var old = stored?.Backends.GetValueOrDefault(name);
            return backend with
            {
                ApiKey = backend.ApiKey is { } apiKey ? HideChange(apiKey, old?.ApiKey, isApiKey: true) : null,
                Headers = MapHeaders(backend, (header, value) =>
                    HideChange(value, old?.Headers.GetValueOrDefault(header), isApiKey: false)),
            };
        }),
    };

    /// <summary>The document as it may be stored: placeholders replaced by what is stored, credentials encrypted under the newest key.</summary>
    /// <param name="asked">What somebody wants to save.</param>
    /// <param name="stored">What is stored now; null: nothing.</param>
    /// <param name="keys">The keys; null: there are none, and a credential that is written out is refused.</param>
    /// <param name="problems">What is wrong, by path; empty when all is well.</param>
    public static RouterConfig Protect(
        RouterConfig asked, RouterConfig? stored, EncryptionKeys? keys, out IReadOnlyList<ConfigurationProblem> problems)
    {
        var found = new ProblemList();
        var path = ConfigPath.Root["backends"];
        var config = asked with
        {
            Backends = Map(asked.Backends, (name, backend) => new BackendCredentials(
                name, backend, stored?.Backends.GetValueOrDefault(name), keys, path[name], found).Protect()),
        };
        problems = found.Locate(null);
        return config;
    }

    /// <summary>
    /// The paths of credentials that a change gives, replaces or sends to another host: what only an admin may do, because a
    /// credential that goes to a host of one's own is a credential known.
    /// </summary>
    /// <param name="stored">What is stored now; null: nothing.</param>
    /// <param name="asked">What somebody wants to save, as he gave it.</param>
    public static IReadOnlyList<string> Changes(RouterConfig? stored, RouterConfig asked) =>
    [
        .. from backend in asked.Backends
           where backend.Value is not null
           let old = stored?.Backends.GetValueOrDefault(backend.Key)
           let moved = old is null || !SecretPlace.OriginsOf(old).SequenceEqual(SecretPlace.OriginsOf(backend.Value))
           let path = ConfigPath.Root["backends"][backend.Key]
           from credential in Of(backend.Value, path)
           where moved || !(credential.Value == Placeholder || Of(old!, path).Contains(credential))
           select credential.Path,
    ];

    /// <summary>Whether a value of a header is a credential by the header's name.</summary>
    public static bool IsCredentialHeader(string name) =>
        CredentialNames.Any(c => name.Contains(c, StringComparison.OrdinalIgnoreCase));

    // Values of such headers are credentials, whatever else they are called.
    private static readonly string[] CredentialNames = ["auth", "key", "token", "secret", "password", "cookie", "credential"];

    private static IEnumerable<(string Path, string Value)> Of(BackendConfig backend, ConfigPath path)
    {
        if (backend.ApiKey is { } apiKey && SecretReference.Parse(apiKey).Kind != SecretKind.Forward)
        {
            yield return (path["apiKey"].ToString(), apiKey);
        }

        foreach (var (name, value) in backend.Headers)
        {
            if (value is not null && (IsCredentialHeader(name) || SecretReference.Parse(value).Kind != SecretKind.Literal))
            {
                yield return (path["headers"][name].ToString(), value);
            }
        }
    }

    private static string HideChange(string value, string? stored, bool isApiKey) => value == Placeholder || value == stored
        ? stored is not null && IsShown(stored, isApiKey) ? stored : Placeholder
        : IsShown(value, isApiKey) ? value
        : stored is null ? Placeholder
        : Changed;

    private static bool IsShown(string value, bool isApiKey) => SecretReference.Parse(value).Kind switch
    {
        SecretKind.Environment or SecretKind.File => true,
        SecretKind.Forward => isApiKey,
        _ => false,
    };

    private static Dictionary<string, BackendConfig> Map(
        IReadOnlyDictionary<string, BackendConfig> backends, Func<string, BackendConfig, BackendConfig> change) =>
        backends.ToDictionary(b => b.Key, b => b.Value is null ? b.Value! : change(b.Key, b.Value), StringComparer.Ordinal);

    /// <summary>The headers of a backend, each value changed.</summary>
    internal static Dictionary<string, string> MapHeaders(BackendConfig backend, Func<string, string, string> change) =>
        backend.Headers.ToDictionary(
            h => h.Key, h => h.Value is null ? h.Value! : change(h.Key, h.Value), StringComparer.OrdinalIgnoreCase);
}
