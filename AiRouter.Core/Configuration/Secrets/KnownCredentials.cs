using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration.Secrets;

/// <summary>
/// A backend's credentials as far as Admin knows them, for trying the backend out: those that are given, and those that are stored
/// encrypted. References are the routers' own, and are never read here (R6).
/// </summary>
public sealed record KnownCredentials
{
    /// <summary>The API key; null: none, or none that is known.</summary>
    public string? ApiKey { get; private init; }

    /// <summary>The extra headers whose values are known, credentials or not.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private init; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a credential is among them.</summary>
    public bool HasCredential => ApiKey is not null || Headers.Keys.Any(StoredCredentials.IsCredentialHeader);

    /// <summary>What is not sent because it is not known here, by path, and why.</summary>
    public IReadOnlyList<ConfigurationProblem> Unknown { get; private init; } = [];

    /// <summary>Never shows a credential.</summary>
    public override string ToString() => "Credentials";

    /// <summary>The credentials of a backend that somebody wants to try, or what is wrong with them.</summary>
    /// <param name="name">The backend's name.</param>
    /// <param name="asked">The backend as he gives it; <see cref="StoredCredentials.Placeholder"/> stands for what is stored.</param>
    /// <param name="stored">The backend as it is stored; null: it is not.</param>
    /// <param name="keys">What stored credentials are encrypted under; null: there is no key.</param>
    public static (KnownCredentials? Credentials, IReadOnlyList<ConfigurationProblem> Problems) Of(
        string name, BackendConfig asked, BackendConfig? stored, EncryptionKeys? keys)
    {
        var reading = new Reading(asked, stored, keys);
        var path = ConfigPath.Root["backends"][name];
        var apiKey = asked.ApiKey is { } given
            ? reading.Read(given, stored?.ApiKey, SecretPlace.OfApiKey(name, asked), path["apiKey"], isApiKey: true)
            : null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (header, value) in asked.Headers)
        {
            var kept = stored?.Headers.GetValueOrDefault(header);
            var place = SecretPlace.OfHeader(name, asked, header);
            if (value is not null && reading.Read(value, kept, place, path["headers"][header], isApiKey: false) is { } known)
            {
                headers[header] = known;
            }
        }

        return reading.Problems.Count > 0
            ? (null, reading.Problems.Locate(null))
            : (new KnownCredentials { ApiKey = apiKey, Headers = headers, Unknown = reading.Unknown.Locate(null) }, []);
    }

    /// <summary>
    /// A backend that somebody wants to try, in a form that the loader's checks take: credentials that are given are none that may be
    /// stored, so they are left out or stand there as references.
    /// </summary>
    public static BackendConfig Checkable(BackendConfig asked) => asked with
    {
        ApiKey = asked.ApiKey is { } apiKey && IsOurs(apiKey) ? null : asked.ApiKey,
        Headers = StoredCredentials.MapHeaders(
            asked, static (header, value) => StoredCredentials.IsCredentialHeader(header) && IsOurs(value) ? "env:AIROUTER_SECRET_GIVEN" : value),
    };

    private static bool IsOurs(string value) => SecretReference.Parse(value).Kind is SecretKind.Literal or SecretKind.Encrypted;

    private sealed class Reading(BackendConfig asked, BackendConfig? stored, EncryptionKeys? keys)
    {
        // A credential belongs to the hosts that it was given for.
        private readonly bool _isMoved =
            stored is not null && !SecretPlace.OriginsOf(stored).SequenceEqual(SecretPlace.OriginsOf(asked));

        public ProblemList Problems { get; } = new();

        public ProblemList Unknown { get; } = new();

        public string? Read(string value, string? kept, SecretPlace place, ConfigPath at, bool isApiKey)
        {
            var reference = SecretReference.Parse(value);
            if (value == StoredCredentials.Placeholder || reference.Kind == SecretKind.Encrypted)
            {
                return Keep(value, kept, place, at, isApiKey);
            }

            return reference.Kind switch
            {
                SecretKind.Literal => Given(value, at),
                SecretKind.Forward when isApiKey => Missing(at, "is the client's own, and there is no client here: none was sent"),
                SecretKind.Forward => value,
                _ => Missing(at, $"is on the routers ({value}), where Admin cannot read it: none was sent"),
            };
        }

        private string? Keep(string value, string? kept, SecretPlace place, ConfigPath at, bool isApiKey)
        {
            if (kept is null || (value != StoredCredentials.Placeholder && value != kept))
            {
                Problems.Add(at, "nothing is stored that this could stand for: give the credential");
                return null;
            }

            if (_isMoved)
            {
                Problems.Add(at, "what is stored was given for another host, and is not sent to this one: give it anew");
                return null;
            }

            if (SecretReference.Parse(kept) is not { Kind: SecretKind.Encrypted } encrypted)
            {
                return Read(kept, null, place, at, isApiKey);
            }

            var (secret, problem) = keys is null
                ? (null, $"is encrypted, and {EncryptionKeys.Variable} is not set: none was sent")
                : keys.Decrypt(encrypted.Name, place);
            return secret ?? Missing(at, problem!);
        }

        private string? Given(string value, ConfigPath at)
        {
            var (secret, problem) = SecretReader.Check(value, "the value");
            if (problem is not null)
            {
                Problems.Add(at, problem);
            }

            return secret;
        }

        private string? Missing(ConfigPath at, string why)
        {
            Unknown.Add(at, why);
            return null;
        }
    }
}
