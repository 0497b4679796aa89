using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.Bifrost;

/// <summary>
/// Bifrost's providers: each of their keys is a backend, each model that a key may ask for is a model called
/// <c>provider/model</c>, as clients of Bifrost ask for it.
/// </summary>
internal sealed class BifrostProviders(ImportTask task, SourceValue? governance, bool emptyIsAll)
{
    private const string All = "*";

    private readonly Dictionary<string, List<string>> _names = new(StringComparer.Ordinal);

    /// <summary>Reads all.</summary>
    public void Import()
    {
        var providers = task.Root.TakeMap("providers");
        foreach (var (name, _) in providers?.Members ?? [])
        {
            if (providers!.TakeMap(name) is { } provider)
            {
                Import(name, provider);
            }
        }
    }

    /// <summary>The names of a provider's models, patterns too.</summary>
    public IReadOnlyList<string> ModelsOf(string provider) => _names.GetValueOrDefault(provider) ?? [];

    private void Import(string name, SourceValue provider)
    {
        var custom = provider.TakeMap("custom_provider_config");
        var type = custom?.TakeText("base_provider_type") ?? name;
        if (KnownProviders.Find(type) is not { } known)
        {
            provider.TakeAll();
            provider.Notes.Add(
                provider, "not imported: AiRouter does not speak the API of this provider; keep it in Bifrost, and put that behind " +
                "AiRouter as an openai backend");
            return;
        }

        var network = new BifrostNetwork(provider, custom, known, type == KnownProviders.OpenAi && custom is not null);
        var keys = provider.TakeList("keys").Where(static k => k.Kind == SourceKind.Map).ToList();
        if (keys.Count == 0)
        {
            keys = custom?.TakeFlag("is_key_less") is true ? [new SourceValue { Kind = SourceKind.Map, Line = provider.Line }] : [];
            keys.ForEach(key => key.Place(provider.File, provider.Notes, provider.Path));
        }

        custom?.Take("is_key_less");
        var targets = new List<BifrostTarget>();
        foreach (var key in keys)
        {
            var reader = new BifrostKeyReader(task, name, network, emptyIsAll);
            targets.AddRange(reader.Read(key, keys.Count > 1, [.. Asked(name), .. Listed(keys)]));
        }

        AddModels(name, targets, network, known);
    }

    private void AddModels(string provider, List<BifrostTarget> targets, BifrostNetwork network, KnownProvider known)
    {
        foreach (var model in targets.GroupBy(static t => t.Model))
        {
            if (model.Key != All)
            {
                Add(provider, $"{provider}/{model.Key}", model, network);
                continue;
            }

            Add(provider, $"{provider}/{All}", model.Select(static t => t with { Id = All }), network);
            foreach (var family in network.IsItself ? known.Families : [])
            {
                Add(provider, family, model, network);
            }
        }
    }

    private void Add(string provider, string name, IEnumerable<BifrostTarget> targets, BifrostNetwork network)
    {
        var all = targets.ToList();
        var weights = ImportedTerms.Weights([.. all.Select(static t => t.Weight)]);
        task.Imported.SetModel(
            name,
            new ModelConfig
            {
                Targets = [.. all.Select((t, i) => new TargetConfig { Backend = t.Backend, Model = t.Id, Weight = weights[i] })],
                Retry = network.Retry,
                Operations = network.Operations,
            },
            all[0].Key);
        if (!_names.TryGetValue(provider, out var names))
        {
            _names[provider] = names = [];
        }

        names.Add(name);
    }

    /// <summary>Models that keys of a provider name: whoever serves all serves these too.</summary>
    private static IEnumerable<string> Listed(IEnumerable<SourceValue> keys) => keys
        .Where(static k => k.Find("enabled")?.Flag() is not false)
        .SelectMany(static k => k.Find("models") is { } models ? models.IsScalar ? [models] : models.Items : [])
        .Where(static m => m is { IsScalar: true, IsNull: false }).Select(static m => m.Text)
        .Where(static m => m.Length > 0 && !m.Contains('*'));

    /// <summary>Models of a provider that client keys name, for providers that let all pass.</summary>
    private List<string> Asked(string provider) =>
    [
        .. (governance?.Find("virtual_keys")?.Items ?? []).SelectMany(static k => k.Find("provider_configs")?.Items ?? [])
            .Where(c => c.Find("provider")?.Text == provider)
            .SelectMany(static c => c.Find("allowed_models")?.Items ?? [])
            .Select(static m => m.Text).Where(static m => m.Length > 0 && !m.Contains('*')).Distinct(StringComparer.Ordinal),
    ];
}
