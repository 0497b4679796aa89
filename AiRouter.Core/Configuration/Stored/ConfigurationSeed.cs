using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Stores;
using Microsoft.Extensions.Logging;

namespace AiRouter.Core.Configuration.Stored;

/// <summary>Fills a store that has never had a configuration from the file: by whoever is first.</summary>
internal sealed partial class ConfigurationSeed(
    RouterConfigurationSource source, IConfigurationStore store, ILogger<ConfigurationSeed> logger)
{
    /// <summary>Who the history says it was.</summary>
    public const string Author = "seed";

    private string? _told;

    /// <summary>Whether the store has a document now, this one's or that of somebody who was quicker.</summary>
    public async ValueTask<bool> TryPlantAsync(CancellationToken cancellationToken)
    {
        var file = new FileDocument(source).Read();
        var load = RouterConfigurationLoader.LoadDocument(file, source, null);
        if (load.Model is null)
        {
            TellOnce(load.Problems);
            return false;
        }

        var json = ConfigurationJson.Write(load.Document!);
        var save = new ConfigurationSave(
            json, Author, $"from {file.Name} of {Environment.MachineName}", ConfigurationDiff.Between(null, json))
        {
            Origin = ConfigurationOrigin.Seed,
        };
        var outcome = await store.SaveAsync(save, 0, cancellationToken);
        if (outcome.IsSaved)
        {
            LogPlanted(file.Name, outcome.Version);
        }

        return outcome.Result is SaveResult.Saved or SaveResult.Conflict;
    }

    private void TellOnce(IReadOnlyList<ConfigurationProblem> problems)
    {
        var text = string.Join("; ", problems);
        if (_told == text)
        {
            return;
        }

        _told = text;
        LogNothingToPlant(problems.Count);
        foreach (var problem in problems)
        {
            LogProblem(problem);
        }
    }

    [LoggerMessage(
        1015, LogLevel.Information,
        "The store had no configuration: {File} is its version {Version} now. From now on it is changed in the store; edits of the file " +
        "change nothing")]
    private partial void LogPlanted(string file, long version);

    [LoggerMessage(1016, LogLevel.Error, "The store has no configuration, and it cannot be seeded ({Count} problem(s))")]
    private partial void LogNothingToPlant(int count);

    [LoggerMessage(1018, LogLevel.Error, "{Problem}")]
    private partial void LogProblem(ConfigurationProblem problem);
}
