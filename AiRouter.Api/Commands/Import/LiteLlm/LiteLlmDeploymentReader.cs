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
            NamesOf(name, provider, parameters) is not { } names ||
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
            IsTranslated = provider.Kind != BackendKind.OpenAi,
            Target = new TargetConfig
            {
                Backend = backend,
                Parameters = LiteLlmParameters.Read(parameters, defaults.Parameters),
            },
            Operations = OperationsOf(info, provider, entry),
            MaxInputTokens = info.TakeInt("max_input_tokens", 1, 100_000_000),
            MaxOutputTokens = info.TakeInt("max_output_tokens", 1, 10_000_000) ?? mostOutput,
            DefaultMaxTokens = limit,
            Price = PriceOf(parameters, info),
            Weight = parameters.TakeDecimal("weight", 0, Million),
            RequestsPerMinute = ImportedLimits.TakeRequests(parameters, "rpm"),
            TokensPerMinute = ImportedLimits.TakeTokens(parameters, "tpm"),
            Order = OrderOf(parameters, info),
            Attempts = (parameters.TakeInt("num_retries", 0, 100) ?? attempts) + 1,
            DropsParameters = parameters.TakeFlag("drop_params") is true,
            Groups = info.TakeTexts("access_groups"),
        };
    }

    // Of "anthropic/*", LiteLLM's clients leave "anthropic/" out when the rest tells whose the model is.
    private static IReadOnlyList<LiteLlmName>? NamesOf(string name, LiteLlmProvider provider, SourceValue parameters)
    {
        if (!provider.Model.Contains('*'))
        {
            return [new LiteLlmName(name, LiteLlmBackends.ModelOf(provider, parameters))];
        }

        if (provider.Model == name)
        {
            return [new LiteLlmName(name, null)];
        }

        if (name.Count(IsStar) != 1 || provider.Model.Count(IsStar) != 1)
        {
            var at = parameters.Find("model")!;
            at.Notes.Add(at, "not imported: a pattern of a backend's names needs a public name with one * too");
            return null;
        }

        var families = provider.Model == "*" && name == $"{provider.Name}/*" && !parameters.Has("api_base")
            ? KnownProviders.Find(provider.Name)?.Families ?? []
            : [];
        return [new LiteLlmName(name, provider.Model), .. families.Select(static f => new LiteLlmName(f, null))];

        static bool IsStar(char c) => c == '*';
    }

    private static IReadOnlyList<string>? OperationsOf(SourceValue info, LiteLlmProvider provider, SourceValue entry)
    {
        var mode = info.TakeText("mode");
        if (provider.IsAskedForResponses || mode == "responses")
        {
            entry.Notes.Add(entry, "the model is for the Responses API only: a chat is not translated to that");
            return [Operations.Responses];
        }

        switch (mode)
        {
            case null when provider.Name is "text-completion-openai" or "azure_text":
            case "completion":
                return [Operations.Completions];
            case null:
                return null;
            case "chat":
                return provider.Kind == BackendKind.Anthropic
                    ? [Operations.Chat, Operations.Responses]
                    : [Operations.Chat, Operations.Completions, Operations.Responses];
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
            PerGpuSecond = IsOfSound(parameters, info) ? TellSeconds() : Take("input_cost_per_second", 1),
        };
        return price == new PriceConfig() ? null : price;

        decimal? Take(string name, decimal factor)
        {
            var ofInfo = info.TakeDecimal(name, 0, Million / factor);
            var price = (parameters.TakeDecimal(name, 0, Million / factor) ?? ofInfo) * factor;

            // Without zeros at its end.
            return price / 1.0000000000000000000000000000m;
        }

        decimal? TellSeconds()
        {
            foreach (var price in new[] { parameters, info }.Select(static s => s.Take("input_cost_per_second")).OfType<SourceValue>())
            {
                price.Notes.AddByHand(
                    price, "not imported: this is for a second of sound, and AiRouter charges seconds that the backend worked " +
                    "(perGpuSecond) or requests (perRequest): set the price");
            }

            return null;
        }
    }

    // Transcriptions, which LiteLLM charges by how long the sound is. Of some models it knows the mode itself.
    private static bool IsOfSound(SourceValue parameters, SourceValue info) => info.Find("mode") is { IsNull: false } mode
        ? mode.Text == "audio_transcription"
        : parameters.Find("model")?.Text is { } model &&
            (model.Contains("whisper", StringComparison.Ordinal) || model.Contains("transcribe", StringComparison.Ordinal));

    private static int? OrderOf(SourceValue parameters, SourceValue info)
    {
        var ofInfo = info.TakeInt("order", int.MinValue, int.MaxValue);
        return parameters.TakeInt("order", int.MinValue, int.MaxValue) ?? ofInfo;
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
