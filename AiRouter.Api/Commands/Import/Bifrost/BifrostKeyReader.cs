using AiRouter.Api.Commands.Import.Reading;

namespace AiRouter.Api.Commands.Import.Bifrost;

/// <summary>Reads a provider's keys: each is a backend, because each has a credential and often an address of its own.</summary>
internal sealed class BifrostKeyReader(ImportTask task, string provider, BifrostNetwork network, bool emptyIsAll)
{
    private const string All = "*";

    // Where a key says its address, and the model that it serves.
    private static readonly (string Config, string Url)[] Addresses =
    [
        ("azure_key_config", "endpoint"), ("vllm_key_config", "url"), ("ollama_key_config", "url"), ("sgl_key_config", "url"),
    ];

    /// <summary>The models that the key may ask for.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isOneOfSeveral">Whether the backend needs more than the provider's name.</param>
    /// <param name="asked">Names that a key for all models is asked for.</param>
    public IReadOnlyList<BifrostTarget> Read(SourceValue key, bool isOneOfSeveral, IReadOnlyList<string> asked)
    {
        var id = key.TakeText("id");
        var name = NameOf(key.TakeText("name") ?? id, isOneOfSeveral);
        if (key.TakeFlag("enabled") is false)
        {
            key.TakeAll();
            key.Notes.Add(key, "not imported: the key is switched off");
            return [];
        }

        var aliases = AliasesOf(key);
        var (address, served) = AddressOf(key);
        if (network.Url(address, task) is not { } place)
        {
            if (address is null)
            {
                key.Notes.Add(key, "not imported: nothing says where the provider is (network_config.base_url)");
            }

            key.TakeAll();
            return [];
        }

        var backend = task.Imported.AddBackend(name, network.Backend(place.Url, provider, task) with { ApiKey = SecretOf(key, name) }, key);
        if (place.Missing is not null)
        {
            var at = address ?? key;
            at.Notes.AddByHand(at, $"set the url of the backend \"{backend}\" to what {place.Missing} has");
        }

        var weight = key.TakeDecimal("weight", 0, 1_000_000) ?? 1;
        foreach (var record in new[] { "use_for_batch_api", "description" })
        {
            key.Take(record);
        }

        return
        [
            .. ModelsOf(key, served, aliases, asked)
                .Select(m => new BifrostTarget(m, m == All ? null : aliases.GetValueOrDefault(m) ?? m, backend, weight, key)),
        ];
    }

    private string NameOf(string? key, bool isOneOfSeveral)
    {
        var words = string.Concat((key ?? "").Select(static c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')).Trim('-');
        return !isOneOfSeveral || words.Length == 0 ? provider
            : words.Contains(provider, StringComparison.Ordinal) ? words
            : $"{provider}-{words}";
    }

    private string? SecretOf(SourceValue key, string name)
    {
        var value = BifrostText.Of(key.Take("value"));
        return value is null or { IsScalar: true, Text.Length: 0 } ? null : task.Secrets.Reference(value, name);
    }

    private static (SourceValue? Address, string? Model) AddressOf(SourceValue key)
    {
        foreach (var (config, url) in Addresses)
        {
            if (key.TakeMap(config) is { } map)
            {
                return (BifrostText.Of(map.Take(url)), map.TakeText("model_name"));
            }
        }

        return (null, null);
    }

    // What clients ask for → what it is called there: aliases, and the deployments of earlier versions.
    private static Dictionary<string, string> AliasesOf(SourceValue key)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var map in new[] { key.TakeMap("azure_key_config")?.TakeMap("deployments"), key.TakeMap("aliases") })
        {
            foreach (var (alias, _) in map?.Members ?? [])
            {
                if (map!.Take(alias) is { } value &&
                    (value.Kind == SourceKind.Map ? value.TakeText("model_id") : value.Text) is { Length: > 0 } id)
                {
                    names[alias] = id;
                    value.Take("model_name");
                    value.Take("model_family");
                    value.Take("description");
                }
            }
        }

        return names;
    }

    private List<string> ModelsOf(SourceValue key, string? served, Dictionary<string, string> aliases, IReadOnlyList<string> asked)
    {
        var isListed = key.Has("models");
        var listed = key.TakeTexts("models");
        var refused = key.TakeTexts("blacklisted_models");
        var isAll = listed.Contains(All) || (listed.Count == 0 && (emptyIsAll || !isListed));
        if (!isAll && listed.Count == 0)
        {
            key.Notes.Add(key, "an empty list of models is none: the key serves nothing");
        }

        // A server of one model serves that, whatever else may be asked for.
        var models = served is { Length: > 0 } && isAll ? [served]
            : isAll ? [.. aliases.Keys, .. asked, All]
            : listed;
        if (refused.Count == 0)
        {
            return [.. models.Distinct(StringComparer.Ordinal)];
        }

        if (models.Contains(All))
        {
            var at = key.Find("blacklisted_models")!;
            at.Notes.AddByHand(at, "nothing is taken out of a pattern: the key serves the models that have a name here, and not these");
        }

        return refused.Contains(All) ? [] :
            [.. models.Where(static m => m != All).Except(refused, StringComparer.OrdinalIgnoreCase).Distinct(StringComparer.Ordinal)];
    }
}
