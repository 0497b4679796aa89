using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>What must hold about the models that answer when one cannot (R23).</summary>
internal static class FallbackValidation
{
    public static void Check(RouterConfig config, ModelResolver models, ProblemList problems)
    {
        foreach (var model in models.All)
        {
            var path = ConfigPath.Root["models"][model.Name]["fallbacks"];
            var before = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < model.Config.Fallbacks.Count; i++)
            {
                // Null: missing, which has been told.
                var fallback = model.Config.Fallbacks[i];
                if (fallback?.Model is not { } name)
                {
                    continue;
                }

                if (fallback.On is { Count: 0 })
                {
                    problems.Add(path[i]["on"], "must name at least one reason: failure, contextLength");
                }

                if (Find(name, models, path[i]["model"], problems) is not { } other)
                {
                    continue;
                }

                if (other == model)
                {
                    problems.Add(path[i]["model"], $"\"{name}\" is the model itself");
                }
                else if (!before.Add(other.Name))
                {
                    problems.Add(path[i]["model"], $"the model \"{other.Name}\" stands above already: each is asked once");
                }
                else
                {
                    Warn(config, model, other, fallback, path[i], problems);
                }
            }
        }
    }

    private static RoutedModel? Find(string name, ModelResolver models, ConfigPath path, ProblemList problems)
    {
        if (name.Contains('*'))
        {
            problems.Add(path, "must be a name, not a pattern");
            return null;
        }

        if (models.Resolve(name, Operations.Chat) is { IsDefault: false } found)
        {
            return found.Model;
        }

        problems.Add(path, $"there is no model \"{name}\"{NearMiss.Hint(name, models.All.Select(m => m.Name).Where(n => !n.Contains('*')))}");
        return null;
    }

    /// <summary>What the request would be refused for every time: right, but hardly meant.</summary>
    /// <summary>It takes no request to somebody else's service. One that is switched off takes none anywhere.</summary>
    private static bool IsOwn(TargetModel target) => target.Config.Weight == 0 || !target.Backend.IsExternal;

    private static void Warn(
        RouterConfig config, RoutedModel model, RoutedModel other, FallbackConfig fallback, ConfigPath path, ProblemList problems)
    {
        if (!fallback.AllowExternal && model.Targets.All(IsOwn) && other.Targets.Any(t => t.Backend.IsExternal))
        {
            problems.Warn(path, other.Targets.All(t => t.Backend.IsExternal)
                ? $"\"{fallback.Model}\" never answers: its backends are somebody else's service (allowExternal: true lets requests go there)"
                : $"targets of \"{fallback.Model}\" at somebody else's service are left out (allowExternal: true lets requests go there)");
        }

        if (model.Config.Operations is { } asked && other.Config.Operations is { } served && !asked.Any(served.Contains))
        {
            problems.Warn(path, $"\"{fallback.Model}\" never answers: it is for none of the operations of \"{model.Name}\"");
        }

        if (config.Limits.Budget is not null && other.Config.Price is null && model.Config.Price is not null)
        {
            problems.Warn(path, $"\"{fallback.Model}\" never answers: it has no price, and limits.budget covers every request");
        }
    }
}
