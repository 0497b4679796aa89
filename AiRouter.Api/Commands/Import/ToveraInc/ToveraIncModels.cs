using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats;

namespace AiRouter.Api.Commands.Import.ToveraInc;

/// <summary>The original's models, which stand under the kind of request that they answer.</summary>
internal sealed class ToveraIncModels(ImportTask task, ToveraIncBackends backends)
{
    private static readonly (string Type, IReadOnlyList<string> Operations)[] Types =
    [
        ("chat_completions", [Operations.Chat, Operations.Completions, Operations.Responses]),
        ("embeddings", [Operations.Embeddings]),
        ("audio_speech", [Operations.Speech]),
        ("audio_transcriptions", [Operations.Transcriptions]),
    ];

    /// <summary>Reads all.</summary>
    public void Import()
    {
        var models = task.Root.TakeMap("models");
        foreach (var (type, operations) in Types)
        {
            var table = models?.TakeMap(type);
            foreach (var (name, _) in table?.Members ?? [])
            {
                if (table!.TakeMap(name) is { } model)
                {
                    Import(name, model, operations);
                }
            }
        }
    }

    private void Import(string name, SourceValue model, IReadOnlyList<string> operations)
    {
        var backend = model.TakeText("backend") is { } named ? backends.Find(named) : backends.Default;
        if (backend is null)
        {
            model.TakeAll();
            model.Notes.Add(model, "not imported: its backend does not exist, and there is no default one");
            return;
        }

        var target = new TargetConfig { Backend = backend, Model = model.TakeText("backend_model") };
        var read = Read(model, target, task.Imported.Backends[backend].Kind, operations);
        if (!task.Imported.Models.TryGetValue(name, out var known))
        {
            task.Imported.SetModel(name, read, model);
        }
        else if (known.Targets[0].Backend == target.Backend && known.Targets[0].Model == target.Model)
        {
            // One name of several types at one backend is one model.
            task.Imported.SetModel(name, Merge(known, read), model);
        }
        else
        {
            model.Notes.Add(model, "not imported: the name stands above with another backend; a model of several operations has one");
            return;
        }

        if (model.TakeFlag("default") is true)
        {
            SetDefault(name, operations[0], model);
        }
    }

    private static ModelConfig Read(SourceValue model, TargetConfig target, BackendKind kind, IReadOnlyList<string> operations)
    {
        if (model.Take("hf_model_name") is { } tokenizer)
        {
            tokenizer.Notes.AddByHand(
                tokenizer, "nothing is downloaded: put the model's tokenizer.json into prompt-formats and name it with tokenizer, so " +
                "that maxInputTokens counts exactly");
        }

        return new ModelConfig
        {
            Operations = operations,
            Targets = [target],
            MaxInputTokens = model.TakeInt("max_input", 1, 100_000_000),
            MaxTokens = new TokenLimitConfig { Default = model.TakeInt("max_tokens", 1, 10_000_000) },
            PromptFormat = FormatOf(model, kind) ?? new ModelConfig().PromptFormat,
        };
    }

    private static ModelConfig Merge(ModelConfig known, ModelConfig more) => known with
    {
        Operations = [.. known.Operations!.Concat(more.Operations!).Distinct(StringComparer.Ordinal)],
        MaxInputTokens = known.MaxInputTokens ?? more.MaxInputTokens,
        MaxTokens = known.MaxTokens.Default is null ? more.MaxTokens : known.MaxTokens,
        PromptFormat = known.PromptFormat == new ModelConfig().PromptFormat ? more.PromptFormat : known.PromptFormat,
    };

    private static string? FormatOf(SourceValue model, BackendKind kind)
    {
        if (model.TakeText("prompt_format") is not { } format)
        {
            return null;
        }

        var at = model.Find("prompt_format")!;
        if (kind == BackendKind.OpenAi)
        {
            at.Notes.Add(at, "not imported: the backend makes its prompts itself");
            return null;
        }

        var shipped = new RouterConfigurationSource { Yaml = "" };
        if (PromptFormats.Load(format, new PromptConfig(), new AssetLoad(shipped.AssetFolders)) is not null)
        {
            return format;
        }

        at.Notes.AddByHand(
            at, "there is no prompt format of this name: put the template into prompt-formats and name it with promptFormat");
        return null;
    }

    private void SetDefault(string name, string operation, SourceValue model)
    {
        var defaults = task.Imported.Defaults;
        task.Imported.Defaults = operation switch
        {
            Operations.Chat => defaults with { Chat = name, Completions = name },
            Operations.Embeddings => defaults with { Embeddings = name },
            Operations.Speech => defaults with { Speech = name },
            _ => defaults with { Transcriptions = name },
        };
        model.Notes.Add(
            model.Find("default")!,
            "the default model answers requests that name none; for unknown names too with defaults.accept: [\"*\"]");
    }
}
