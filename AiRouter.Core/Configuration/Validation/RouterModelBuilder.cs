using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Core.Configuration.Reading;
using AiRouter.Core.Configuration.Writing;
using AiRouter.Core.Keys;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>Checks a document and makes what requests are served from.</summary>
internal static class RouterModelBuilder
{
    /// <summary>The model; null when there are problems.</summary>
    public static RouterModel? Build(
        RouterConfig config, RouterConfigurationSource source, AssetLoad assets, RouterModel? previous, ProblemList problems)
    {
        var backendModels = new BackendModelBuilder(source, previous, problems);
        var backends = config.Backends.ToFrozenDictionary(
            b => b.Key, b => backendModels.Build(b.Key, b.Value, ConfigPath.Root["backends"][b.Key]), StringComparer.Ordinal);
        var validation = new ModelValidation(config.Backends, problems);
        var modelAssets = new ModelAssetsBuilder(source.Assets, assets, problems);
        foreach (var (name, model) in config.Models)
        {
            validation.Check(name, model, ConfigPath.Root["models"][name]);
        }

        var models = new ModelResolver(
            config.Models.Select(m => modelAssets.Build(
                new RoutedModel(m.Key, m.Value, Targets(m.Value, backends)), ConfigPath.Root["models"][m.Key])).ToList(),
            DefaultsValidation.ByOperation(config.Defaults),
            config.Defaults.Accept.OfType<string>());
        DefaultsValidation.Check(config, models, problems);
        FallbackValidation.Check(config, models, problems);
        KeyValidation.Check(config.Keys, problems);
        ServerValidation.Check(config.Server, problems);
        new LimitValidation(config, problems).Check(source.HasStore);
        if (problems.Count > 0)
        {
            return null;
        }

        return new RouterModel
        {
            Config = config,
            Version = Version(config, assets),
            Backends = backends,
            Models = models,
            Warnings = problems.Warnings,
            Keys = new ClientKeys(config.Keys.Select(ClientKey.From)),
        };
    }

    private static ImmutableArray<TargetModel> Targets(ModelConfig model, FrozenDictionary<string, BackendModel> backends) =>
    [
        .. model.Targets.Index()
            .Where(t => t.Item.Backend is not null && backends.ContainsKey(t.Item.Backend))
            .Select(t => new TargetModel(t.Index, backends[t.Item.Backend], t.Item)),
    ];

    // What models name counts by content and by its place in its folder: where the folder lies differs from machine to machine.
    private static string Version(RouterConfig config, AssetLoad assets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(DocumentWriter.ToJson(config));
        foreach (var file in assets.Files.Where(f => assets.HashOf(f) is not null).Select(f => (Place: assets.PlaceOf(f), Path: f))
            .OrderBy(f => f.Place, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file.Place));
            hash.AppendData(assets.HashOf(file.Path)!);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6));
    }
}
