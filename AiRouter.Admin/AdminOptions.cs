using System.Collections;
using System.Collections.Frozen;
using AiRouter.Admin.Authentication;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;
using AiRouter.Core.Stores;
using AiRouter.Prompting;

namespace AiRouter.Admin;

/// <summary>What the environment says about Admin.</summary>
internal sealed record AdminOptions
{
    /// <summary>The variable with the first admin's key.</summary>
    public const string AdminKeyVariable = "AIROUTER_ADMIN_KEY";

    /// <summary>The variable with the address of a router.</summary>
    public const string ApiUrlVariable = "AIROUTER_API_URL";

    /// <summary>The variable with the address that clients use.</summary>
    public const string PublicUrlVariable = "AIROUTER_PUBLIC_URL";

    // What Aspire's WithReference and our own runner say.
    private const string DiscoveredApi = "services__api__http__0";

    /// <summary>A key that is shorter is easily guessed.</summary>
    public const int ShortestGoodKey = 16;

    /// <summary>Where the store is (R34).</summary>
    public required RedisStoreOptions Store { get; init; }

    /// <summary>The first admin's key (<c>AIROUTER_ADMIN_KEY</c>); null: none.</summary>
    public string? AdminKey { get; init; }

    /// <summary>Encrypts credentials of backends (<c>AIROUTER_ENCRYPTION_KEY</c>); null: credentials that are written out are refused.</summary>
    public EncryptionKeys? EncryptionKeys { get; init; }

    /// <summary>Names beside those of loopback that requests may be sent to (<c>AIROUTER_ADMIN_HOSTS</c>).</summary>
    public IReadOnlySet<string> Hosts { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Where the playground reaches a router (<see cref="ApiUrlVariable"/>, else what service discovery says); null: nowhere.</summary>
    public Uri? ApiUrl { get; init; }

    /// <summary>Where clients reach the routers (<see cref="PublicUrlVariable"/>): what examples show; null: <see cref="ApiUrl"/>.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>How people sign in to the pages.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>What documents are checked with.</summary>
    public required RouterConfigurationSource Checks { get; init; }

    /// <summary>Without the keys.</summary>
    public override string ToString() => "Admin's options";

    /// <summary>The environment of this process.</summary>
    public static IReadOnlyDictionary<string, string> Variables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(static v => (string)v.Key, static v => (string?)v.Value ?? "", StringComparer.Ordinal);

    /// <summary>The options, or one sentence that says what is wrong.</summary>
    public static (AdminOptions? Options, string? Problem) FromEnvironment(IReadOnlyDictionary<string, string> variables)
    {
        if (RedisStoreOptions.FromEnvironment(variables, "airouter-admin") is not { } store)
        {
            return (null, "Admin needs the store that the routers share: set ConnectionStrings__redis (such as localhost:6379).");
        }

        var (keys, problem) = EncryptionKeys.Parse(variables.GetValueOrDefault(EncryptionKeys.Variable));
        if (problem is not null)
        {
            return (null, problem + ".");
        }

        var (api, wrongApi) = Address(ApiUrlVariable, variables.GetValueOrDefault(ApiUrlVariable));
        var (shown, wrongShown) = Address(PublicUrlVariable, variables.GetValueOrDefault(PublicUrlVariable));
        if ((wrongApi ?? wrongShown) is { } wrong)
        {
            return (null, wrong);
        }

        (var access, problem) = AccessOptions.FromEnvironment(variables);
        if (problem is not null)
        {
            return (null, problem);
        }

        return (new AdminOptions
        {
            Store = store,
            AdminKey = variables.GetValueOrDefault(AdminKeyVariable)?.Trim() is { Length: > 0 } key ? key : null,
            EncryptionKeys = keys,
            Hosts = (variables.GetValueOrDefault("AIROUTER_ADMIN_HOSTS") ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            ApiUrl = api ?? Address(DiscoveredApi, variables.GetValueOrDefault(DiscoveredApi)).Url,
            PublicUrl = shown,
            Access = access!,
            Checks = SourceOf(variables),
        }, null);
    }

    private static (Uri? Url, string? Problem) Address(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? (null, null)
        : Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0
            ? (url, null)
            : (null, $"{name} must be a URL without credentials, such as http://api:3000.");

    // Overrides (AIROUTER__…), variables and files that a document refers to are the routers', not this process's.
    private static RouterConfigurationSource SourceOf(IReadOnlyDictionary<string, string> variables)
    {
        var source = RouterConfigurationSource.FromEnvironment(variables);
        return source with
        {
            ReadsReferences = false,
            Environment = variables.Where(static v => v.Key == EncryptionKeys.Variable).ToDictionary(static v => v.Key, static v => v.Value),
            Assets = ModelAssets.Instance,
        };
    }
}
