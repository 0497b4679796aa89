using AiRouter.Core.Json;

namespace AiRouter.Core.Configuration.Secrets;

/// <summary>
/// Where a stored credential belongs: authenticated with its cipher text, so that neither a copy of the text nor an edit of the
/// backend sends it anywhere else (R6).
/// </summary>
/// <param name="Backend">The backend's name.</param>
/// <param name="Member"><c>apiKey</c>, or the name of a header.</param>
/// <param name="Origins">Every scheme, host and port that the backend sends to, sorted.</param>
public sealed record SecretPlace(string Backend, string Member, IReadOnlyList<string> Origins)
{
    /// <summary>The place of a backend's API key.</summary>
    public static SecretPlace OfApiKey(string name, BackendConfig backend) => new(name, "apiKey", OriginsOf(backend));

    /// <summary>The place of one of a backend's headers.</summary>
    public static SecretPlace OfHeader(string name, BackendConfig backend, string header) =>
        new(name, "headers." + header.ToLowerInvariant(), OriginsOf(backend));

    /// <summary>Every scheme, host and port that a backend sends its credential to, sorted.</summary>
    public static IReadOnlyList<string> OriginsOf(BackendConfig backend) =>
    [
        .. backend.Paths.Values.Prepend(backend.Url).OfType<Uri>()
            .Select(u => Origin(u))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static string Origin(Uri url) => url.GetComponents(
        UriComponents.Scheme | UriComponents.Host | UriComponents.StrongPort, UriFormat.UriEscaped).ToLowerInvariant();

    // JSON, because no two lists of texts look alike in it.
    internal byte[] Bytes(string version) => JsonBytes.Of(["airouter", version, Backend, Member, .. Origins]);
}
