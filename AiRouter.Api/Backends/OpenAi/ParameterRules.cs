using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;
using AiRouter.Core.Json;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>What a configuration changes in requests (R11), in its order.</summary>
internal static class ParameterRules
{
    /// <summary>Collects the changes.</summary>
    public static void Apply(IParameterChanges changes, ParametersConfig parameters)
    {
        // Most configurations have none, and going through nothing costs an enumerator each.
        if (parameters is { Rename.Count: 0, Drop.Count: 0, Defaults.Count: 0, Force.Count: 0 })
        {
            return;
        }

        foreach (var (from, to) in parameters.Rename)
        {
            changes.Rename(from, to);
        }

        foreach (var name in parameters.Drop)
        {
            changes.Remove(name);
        }

        foreach (var (name, value) in parameters.Defaults)
        {
            if (!changes.Has(name))
            {
                changes.Set(name, JsonBytes.Of(value));
            }
        }

        foreach (var (name, value) in parameters.Force)
        {
            changes.Set(name, JsonBytes.Of(value));
        }
    }
}
