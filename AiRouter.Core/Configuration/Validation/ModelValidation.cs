using System.Collections.Frozen;
using AiRouter.Core.Configuration.Reading;
using AiRouter.Core.Configuration.Schema;
using AiRouter.Core.Configuration.Writing;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>What must hold about one model.</summary>
internal sealed class ModelValidation(IReadOnlyDictionary<string, BackendConfig> backends, ProblemList problems)
{
    private static readonly IReadOnlyList<string> Known = new OperationNamesAttribute().Allowed;

    /// <summary>What Triton backends can do (R22).</summary>
    internal static readonly FrozenSet<string> OnTriton = FrozenSet.ToFrozenSet(
        [
            Operations.Chat, Operations.Responses, Operations.Completions, Operations.Embeddings, Operations.Transcriptions,
            Operations.Translations,
        ],
        StringComparer.Ordinal);

    /// <summary>What backends do that speak Anthropic's Messages API (R22).</summary>
    internal static readonly FrozenSet<string> OnAnthropic = FrozenSet.ToFrozenSet(
        [Operations.Chat, Operations.Responses], StringComparer.Ordinal);

    public void Check(string name, ModelConfig model, ConfigPath path)
    {
        if (name.Length is 0 or > 256 || name.Any(char.IsControl) || name != name.Trim())
        {
            problems.Add(path, "a name has 1 to 256 characters, none of them a control character, and no space at its ends");
        }

        CheckTargets(model, path["targets"], path);
        CheckPatterns(name, model, path["targets"]);
        PolicyValidation.Check(model, path, problems);
        NameValidation.CheckOperations(model.Operations, Known, path["operations"], problems);
        CheckOperationsAreServed(model, path["operations"]);
        CheckParameters(model.Parameters, path["parameters"]);
        CheckTritonOnly(model, path);
        if (model.MaxTokens is { Default: { } most, Max: { } limit } && most > limit)
        {
            problems.Add(path["maxTokens"], $"default ({most}) is above max ({limit})");
        }

        for (var i = 0; i < model.EndTokens.Count; i++)
        {
            if (model.EndTokens[i] is "")
            {
                problems.Add(path["endTokens"][i], "must not be empty");
            }
        }
    }

    private void CheckTargets(ModelConfig model, ConfigPath path, ConfigPath modelPath)
    {
        if (model.Targets.Count == 0)
        {
            problems.Add(modelPath, "targets is missing or empty: at least one backend must answer");
            return;
        }

        if (model.Targets.All(t => t.Weight == 0))
        {
            problems.Add(path, "every weight is 0: nobody would answer");
        }

        for (var i = 0; i < model.Targets.Count; i++)
        {
            CheckTarget(model.Targets[i], path[i]);
        }
    }

    private void CheckTarget(TargetConfig target, ConfigPath path)
    {
        // Null: missing, which has been told.
        if (target.Backend is not null && !backends.ContainsKey(target.Backend))
        {
            var hint = NearMiss.Hint(target.Backend, backends.Keys);
            problems.Add(path["backend"], $"there is no backend \"{target.Backend}\"{hint}");
        }

        if (target.Model is "")
        {
            problems.Add(path["model"], "must be a name; without it the name that the client asked for is used");
        }

        if (target.Model?.Any(char.IsControl) is true)
        {
            problems.Add(path["model"], "a name has no control characters");
        }

        CheckParameters(target.Parameters, path["parameters"]);
        if (target.Lora is { } lora)
        {
            CheckLora(lora, target, path["lora"]);
        }
    }

    private void CheckLora(LoraConfig lora, TargetConfig target, ConfigPath path)
    {
        if (lora is { Name: null, Id: null })
        {
            problems.Add(path, "needs a name or an id");
        }

        if (target.Backend is not null && backends.GetValueOrDefault(target.Backend) is { Kind: not BackendKind.Triton })
        {
            problems.Add(path, $"the backend \"{target.Backend}\" is not of kind triton");
        }
    }

    private void CheckPatterns(string name, ModelConfig model, ConfigPath path)
    {
        for (var i = 0; i < model.Targets.Count; i++)
        {
            if (model.Targets[i].Model is { } target && target.Contains('*') && (target.Count(IsStar) > 1 || name.Count(IsStar) != 1))
            {
                problems.Add(path[i]["model"], "* is what the one * of the model's name stands for: both have exactly one");
            }
        }

        static bool IsStar(char c) => c == '*';
    }

    private void CheckOperationsAreServed(ModelConfig model, ConfigPath path)
    {
        var kinds = model.Targets.Select(t => t.Backend is null ? null : backends.GetValueOrDefault(t.Backend)?.Kind).ToList();
        if (kinds.Count == 0 || kinds.Any(k => k is null or BackendKind.OpenAi))
        {
            return;
        }

        var done = kinds.Contains(BackendKind.Triton) ? OnTriton : OnAnthropic;
        var what = kinds.Contains(BackendKind.Triton)
            ? "Triton backends do chat, responses, completions, embeddings, transcriptions and translations"
            : "backends of kind anthropic do chat and responses";
        foreach (var operation in (model.Operations ?? []).Where(o => Operations.WithModel.Contains(o) && !done.Contains(o)))
        {
            problems.Add(path, $"no target can do {operation}: {what}");
        }
    }

    // What no target has a use for would be silently ignored.
    private void CheckTritonOnly(ModelConfig model, ConfigPath path)
    {
        var standard = new ModelConfig();
        var kinds = model.Targets.Select(t => t.Backend is null ? null : backends.GetValueOrDefault(t.Backend)?.Kind).ToList();

        // With a tokenizer, the prompt that a backend will make of the messages is made here too, and counted.
        var countsPrompts = model.Tokenizer is not null;
        if (kinds.Count > 0 && kinds.All(k => k is BackendKind.OpenAi or BackendKind.Anthropic))
        {
            Refuse(path["promptFormat"], !countsPrompts && model.PromptFormat != standard.PromptFormat);
            Refuse(path["prompt"], !countsPrompts && !IsStandard(model.Prompt));
            Refuse(path["toolCalls"], model.ToolCalls is not null);
            Refuse(path["reasoning"], model.Reasoning is not null);
            Refuse(path["reasoningOutput"], model.ReasoningOutput != standard.ReasoningOutput);
            Refuse(path["messageRepair"], model.MessageRepair != standard.MessageRepair);
            Refuse(path["streamText"], model.StreamText != standard.StreamText);
            Refuse(path["endTokens"], !model.EndTokens.SequenceEqual(standard.EndTokens));
        }

        if (kinds.Count > 0 && kinds.All(k => k == BackendKind.OpenAi) &&
            model.UnsupportedParameters != standard.UnsupportedParameters)
        {
            problems.Add(path["unsupportedParameters"], "has no effect: only backends of kind triton or anthropic have a use for it");
        }

        for (var i = 0; i < kinds.Count; i++)
        {
            if (kinds[i] is BackendKind.OpenAi or BackendKind.Anthropic)
            {
                Refuse(path["targets"][i]["promptFormat"], !countsPrompts && model.Targets[i].PromptFormat is not null);
                Refuse(path["targets"][i]["bosMode"], !countsPrompts && model.Targets[i].BosMode is not null);
                Refuse(path["targets"][i]["streamText"], model.Targets[i].StreamText is not null);
            }
        }

        void Refuse(ConfigPath at, bool given)
        {
            if (given)
            {
                problems.Add(at, "has no effect: only backends of kind triton have a use for it");
            }
        }
    }

    private static bool IsStandard(PromptConfig prompt) =>
        DocumentWriter.ToJson(prompt).AsSpan().SequenceEqual(DocumentWriter.ToJson(new PromptConfig()));

    private void CheckParameters(ParametersConfig parameters, ConfigPath path)
    {
        foreach (var (old, renamed) in parameters.Rename)
        {
            CheckParameter(old, path["rename"][old]);
            CheckParameter(renamed, path["rename"][old]);
            if (renamed is not null && parameters.Rename.ContainsKey(renamed))
            {
                problems.Add(path["rename"][old], $"\"{renamed}\" is renamed itself");
            }
            else if (parameters.Rename.Any(r => r.Value == renamed && string.CompareOrdinal(r.Key, old) < 0))
            {
                problems.Add(path["rename"][old], $"another parameter becomes \"{renamed}\" too");
            }
        }

        for (var i = 0; i < parameters.Drop.Count; i++)
        {
            CheckParameter(parameters.Drop[i], path["drop"][i]);
        }

        foreach (var name in parameters.Defaults.Keys)
        {
            CheckParameter(name, path["defaults"][name]);
        }

        foreach (var name in parameters.Force.Keys)
        {
            CheckParameter(name, path["force"][name]);
        }
    }

    // Routing and framing hang on these two: a target says them in its own keys.
    private void CheckParameter(string? name, ConfigPath path)
    {
        if (name is "model" or "stream" or "")
        {
            problems.Add(path, name.Length == 0
                ? "a parameter has a name"
                : $"{name} cannot be changed here: a target has a key {name}");
        }
    }
}
