using AiRouter.Core.Configuration.Assets;
using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>Loads what models name: prompt formats and tokenizers.</summary>
internal sealed class ModelAssetsBuilder(IModelAssets? assets, AssetLoad load, ProblemList problems)
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "function"];

    /// <summary>The model with its assets; what is wrong with them is among the problems.</summary>
    public RoutedModel Build(RoutedModel model, ConfigPath path)
    {
        if (assets is null)
        {
            return model;
        }

        var config = model.Config;
        CheckName("way to read tool calls", config.ToolCalls, assets.ToolCallParsers, path["toolCalls"]);
        CheckName("way to read reasoning", config.Reasoning, assets.ReasoningParsers, path["reasoning"]);
        CheckRoles(config.Prompt, path["prompt"]["roles"]);
        var format = Load(config.PromptFormat, config.Prompt, path["promptFormat"], path["prompt"]);
        return model with
        {
            Tokenizer = LoadTokenizer(config.Tokenizer, path["tokenizer"]),
            Targets = [.. model.Targets.Select(target => WithFormat(target, config, format, path))],
        };
    }

    private TargetModel WithFormat(TargetModel target, ModelConfig model, IPromptAsset? format, ConfigPath path) => target with
    {
        Format = target.Config.PromptFormat is { } own
            ? Load(own, model.Prompt, path["targets"][target.Index]["promptFormat"], path["prompt"])
            : format,
    };

    private IPromptAsset? Load(string? promptFormat, PromptConfig prompt, ConfigPath path, ConfigPath promptPath)
    {
        if (promptFormat is null)
        {
            return null;
        }

        load.Reset();
        var format = assets!.LoadFormat(promptFormat, prompt, load);
        AddProblem(load.ProblemKey is { } key ? promptPath[key] : path);
        return format;
    }

    private ITokenCounter? LoadTokenizer(string? tokenizer, ConfigPath path)
    {
        if (tokenizer is null)
        {
            return null;
        }

        load.Reset();
        var counter = assets!.LoadTokenizer(tokenizer, load);
        AddProblem(path);
        return counter;
    }

    private void AddProblem(ConfigPath path)
    {
        if (load.Problem is { } problem)
        {
            problems.Add(path, problem);
        }
    }

    private void CheckName(string kind, string? name, IReadOnlyCollection<string> names, ConfigPath path)
    {
        const string none = "none";
        if (name is not null && name != none && !names.Contains(name))
        {
            problems.Add(path, $"there is no {kind} called \"{name}\"{NearMiss.Hint(name, [.. names, none])}");
        }
    }

    private void CheckRoles(PromptConfig prompt, ConfigPath path)
    {
        foreach (var (role, called) in prompt.Roles)
        {
            if (!Roles.Contains(role))
            {
                problems.Add(path[role], $"there is no role \"{role}\"{NearMiss.Hint(role, Roles)}");
            }
            else if (string.IsNullOrEmpty(called))
            {
                problems.Add(path[role], "a role has a name");
            }
        }
    }
}
