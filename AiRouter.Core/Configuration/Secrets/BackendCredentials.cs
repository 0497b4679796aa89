using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration.Secrets;

/// <summary>Makes the credentials of one backend ready to be stored.</summary>
internal sealed class BackendCredentials(
    string name, BackendConfig asked, BackendConfig? stored, EncryptionKeys? keys, ConfigPath path, ProblemList problems)
{
    // A credential belongs to the hosts that it was given for (R6).
    private readonly bool _isMoved =
        stored is not null && !SecretPlace.OriginsOf(stored).SequenceEqual(SecretPlace.OriginsOf(asked));

    public BackendConfig Protect() => asked with
    {
        ApiKey = asked.ApiKey is { } apiKey
            ? Protect(apiKey, stored?.ApiKey, SecretPlace.OfApiKey(name, asked), path["apiKey"], isCredential: true)
            : null,
        Headers = StoredCredentials.MapHeaders(asked, (header, value) => Protect(
            value,
            stored?.Headers.GetValueOrDefault(header),
            SecretPlace.OfHeader(name, asked, header),
            path["headers"][header],
            StoredCredentials.IsCredentialHeader(header))),
    };

    private string Protect(string value, string? kept, SecretPlace place, ConfigPath at, bool isCredential)
    {
        var kind = SecretReference.Parse(value).Kind;
        if (value == StoredCredentials.Placeholder || (kind == SecretKind.Encrypted && value == kept))
        {
            return Keep(kept, place, at);
        }

        if (kind == SecretKind.Encrypted)
        {
            problems.Add(at, "only AiRouter itself writes enc:: give the credential, and it is encrypted");
        }

        return kind == SecretKind.Literal && isCredential ? Encrypt(value, place, at) : value;
    }

    private string Keep(string? kept, SecretPlace place, ConfigPath at)
    {
        if (kept is null)
        {
            problems.Add(at, $"\"{StoredCredentials.Placeholder}\" keeps what is stored, and nothing is: give the credential, or a " +
                "reference such as env:AIROUTER_SECRET_NAME");
            return StoredCredentials.Placeholder;
        }

        if (_isMoved)
        {
            problems.Add(at, "what is stored was given for another host, and is dropped when the host changes: give it anew");
            return StoredCredentials.Placeholder;
        }

        // Under a key that is to go: it goes with the next write.
        return SecretReference.Parse(kept).Kind == SecretKind.Encrypted && keys?.IsOld(kept) is true &&
            keys.Decrypt(kept, place).Secret is { } secret
            ? keys.Encrypt(secret, place)
            : kept;
    }

    private string Encrypt(string value, SecretPlace place, ConfigPath at)
    {
        if (keys is null)
        {
            problems.Add(at, $"a credential that is written out is stored encrypted only, and {EncryptionKeys.Variable} is not set: set it " +
                "for Admin and all routers (openssl rand -base64 32), or write a reference: env:AIROUTER_SECRET_NAME or file:NAME");
            return value;
        }

        // What no header can carry would be found out by the routers only.
        if (SecretReader.Check(value, "the credential").Problem is { } problem)
        {
            problems.Add(at, problem);
            return value;
        }

        return keys.Encrypt(value, place);
    }
}
