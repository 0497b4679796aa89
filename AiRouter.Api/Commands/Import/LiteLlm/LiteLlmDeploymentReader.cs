using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>Reads entries of <c>model_list</c>.</summary>
internal sealed class LiteLlmDeploymentReader(LiteLlmDefaults defaults, LiteLlmBackends backends)
{
    private const decimal Million = 1_000_000m;

    /// <summary>The deployment; null: it is not imported, which is told.</summary>
    public LiteLlmDeployment? Read(SourceValue entry)
    {
        if (entry.Kind != SourceKind.Map || entry.TakeMap("litellm_params") is not { } parameters ||
            entry.TakeText("model_name") is not { } name)
        {
            entry.TakeAll();
            entry.Notes.Add(entry, "not imported: an entry has model_name and litellm_params");
            return null;
        }

        var custom = parameters.TakeText("custom_llm_provider");
        if (parameters.TakeText("model") is not { } model ||
            LiteLlmProvider.Of(model, custom, parameters.Find("model")!, parameters.Has("api_base")) is not { } provider ||
            NamesOf(name, provider, parameters.Find("model")!) is not { } names ||
            backends.Read(provider, parameters) is not { } backend)
        {
            if (!parameters.Has("model"))
            {
                entry.Notes.Add(entry, "not imported: litellm_params has no model");
            }

            entry.TakeAll();
            return null;
        }

        var info = entry.TakeMap("model_info") ?? new SourceValue { Kind = SourceKind.Map, Line = 0 };
        TakeRecords(info);
        var limit = parameters.TakeInt("max_completion_tokens", 1, 10_000_000);
        limit = parameters.TakeInt("max_tokens", 1, 10_000_000) ?? limit;
        var mostOutput = info.TakeInt("max_tokens", 1, 10_000_000);
        var attempts = parameters.TakeInt("max_retries", 0, 100);
        return new LiteLlmDeployment
        {
            Entry = entry,
            Names = names,
            IsTriton = provider.Name == LiteLlmProvider.Triton,
            Target = new TargetConfig
            {
                Backend = backend,
                Model = provider.Model.Contains('*') ? null : LiteLlmBackends.ModelOf(provider, parameters),
                Parameters = LiteLlmParameters.Read(parameters, defaults.Parameters),
            },
            Operations = OperationsOf(info, provider),
            MaxInputTokens = info.TakeInt("max_input_tokens", 1, 100_000_000),
            MaxOutputTokens = info.TakeInt("max_output_tokens", 1, 10_000_000) ?? mostOutput,
            DefaultMaxTokens = limit,
            Price = PriceOf(parameters, info),
            Weight = parameters.TakeDecimal("weight", 0, Million),
            RequestsPerMinute = parameters.TakeInt("rpm", 1, 10_000_000),
            TokensPerMinute = parameters.TakeWhole("tpm", 1, 1_000_000_000_000),
            Order = parameters.TakeInt("order", 1, 100),
            Attempts = (parameters.TakeInt("num_retries", 0, 100) ?? attempts) + 1,
            DropsParameters = parameters.TakeFlag("drop_params") is true,
            Groups = info.TakeTexts("access_groups"),
        };
    }

    /// <summary>
    /// Public names. A pattern's target has the name that the client asked for: what stands before it, which LiteLLM takes away, clients
    /// have to leave out.
    /// </summary>
    private static IReadOnlyList<string>? NamesOf(string name, LiteLlmProvider provider, SourceValue at)
    {
        if (!provider.Model.Contains('*') || provider.Model == name)
        {
            return [name];
        }

        var families = KnownProviders.Find(provider.Name)?.Families ?? [];
        if (provider.Model == "*" && name == $"{provider.Name}/*" && families.Count > 0)
        {
            at.Notes.AddByHand(
                at, $"clients have to ask for a model of {provider.Name} by its own name, without \"{provider.Name}/\" before it: the " +
                "target of a pattern gets the name as it was asked for");
            return families;
        }

        at.Notes.Add(at, "not imported: the target of a pattern gets the name as it was asked for; declare each model by its name");
        return null;
    }

    private static IReadOnlyList<string>? OperationsOf(SourceValue info, LiteLlmProvider provider)
    {
        var isTriton = provider.Name == LiteLlmProvider.Triton;
        switch (info.TakeText("mode"))
        {
            case null when provider.Name is "text-completion-openai" or "azure_text":
            case "completion":
                return [Operations.Completions];
            case null:
                return null;
            case "chat":
                return isTriton
                    ? [Operations.Chat, Operations.Completions]
                    : [Operations.Chat, Operations.Completions, Operations.Responses];
            case "responses":
                return [Operations.Responses];
            case "embedding":
                return [Operations.Embeddings];
            case "image_generation":
                return [Operations.Images];
            case "audio_transcription":
                return [Operations.Transcriptions, Operations.Translations];
            case "audio_speech":
                return [Operations.Speech];
            case "rerank":
                return [Operations.Rerank];
            case "moderation" or "moderations":
                return [Operations.Moderations];
            default:
                var at = info.Find("mode")!;
                at.Notes.Add(at, "AiRouter has no operation for this mode: the model is for all that its backend can do");
                return null;
        }
    }

    private static PriceConfig? PriceOf(SourceValue parameters, SourceValue info)
    {
        var price = new PriceConfig
        {
            Input = Take("input_cost_per_token", Million),
            CachedInput = Take("cache_read_input_token_cost", Million),
            Output = Take("output_cost_per_token", Million),
            PerRequest = Take("input_cost_per_request", 1),
            PerGpuSecond = Take("input_cost_per_second", 1),
        };
        return price == new PriceConfig() ? null : price;

        decimal? Take(string name, decimal factor)
        {
            var ofInfo = info.TakeDecimal(name, 0, Million / factor);
            var price = (parameters.TakeDecimal(name, 0, Million / factor) ?? ofInfo) * factor;

            // Without zeros at its end.
            return price / 1.0000000000000000000000000000m;
        }
    }

    // Of the database, or said of a model for people.
    private static void TakeRecords(SourceValue info)
    {
        foreach (var name in new[] { "id", "db_model", "created_at", "created_by", "updated_at", "updated_by", "description" })
        {
            info.Take(name)?.TakeAll();
        }

        foreach (var (name, _) in info.Members.Where(static m => m.Key.StartsWith("supports_", StringComparison.Ordinal)))
        {
            info.Take(name);
        }
    }
}
