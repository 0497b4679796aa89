using System.Collections.Frozen;
using System.Globalization;
using AiRouter.TritonSimulator.Models;
using AiRouter.TritonSimulator.Validation;
using Grpc.Core;

namespace AiRouter.TritonSimulator.Repository;

/// <summary>The models of one simulated server.</summary>
internal sealed class ModelRepository
{
    private readonly FrozenDictionary<string, RepositoryEntry> _entries;

    public ModelRepository(SimulatorOptions options)
    {
        Entries = [.. SimulatedModels.All(options).Select(
            model => new RepositoryEntry(model, StateAtStart(options, model.Config.Name)))];
        _entries = Entries.ToFrozenDictionary(entry => entry.Model.Config.Name);
    }

    public IReadOnlyList<RepositoryEntry> Entries { get; }

    public RepositoryEntry? Find(string name)
    {
        return _entries.GetValueOrDefault(name);
    }

    /// <summary>A loaded model by name and version, or the server's error.</summary>
    public (RepositoryEntry? Entry, RequestError? Error) Find(string name, string version)
    {
        if (CheckVersion(version, out var number) is { } wrong)
        {
            return (null, wrong);
        }

        if (!_entries.TryGetValue(name, out var entry))
        {
            return Unknown($"'{name}' is not found");
        }

        if (number is not (null or 1))
        {
            return Unknown($"'{name}' version {number} is not found");
        }

        if (entry.Loaded)
        {
            return (entry, null);
        }

        return number is null
            ? Unknown($"'{name}' has no available versions")
            : (null, new RequestError(
                StatusCode.Unavailable, $"Request for unknown model: '{name}' version {number} is not at ready state"));

        static (RepositoryEntry?, RequestError?) Unknown(string text)
        {
            return (null, new RequestError(StatusCode.NotFound, "Request for unknown model: " + text));
        }
    }

    private static EntryState StateAtStart(SimulatorOptions options, string name) =>
        options.UnloadedModels.Contains(name) ? EntryState.Unseen
        : options.BrokenModels.Contains(name) ? EntryState.Failed
        : EntryState.Ready;

    private static RequestError? CheckVersion(string version, out long? number)
    {
        number = null;
        if (version.Length == 0)
        {
            return null;
        }

        if (!long.TryParse(version, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed))
        {
            return RequestError.Invalid(
                $"failed to get model version from specified version string '{version}' (details: stol), version should be "
                + "an integral value > 0");
        }

        number = parsed;
        return parsed >= 0
            ? null
            : RequestError.Invalid(
                $"invalid model version specified '{version}' , version should be an integral value > 0");
    }
}
