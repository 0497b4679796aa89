using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>What LiteLLM's settings say of the whole: the listener, defaults, the budget, the master key.</summary>
internal sealed class LiteLlmSettings(
    SourceValue root, LiteLlmVariables variables, ImportedConfiguration imported, ImportedSecrets secrets, bool hasKeys)
{
    private const string MasterKey = "litellm-master-key";

    /// <summary>Reads all but the aliases.</summary>
    public void Import()
    {
        if (root.TakeMap("litellm_settings") is { } settings)
        {
            var period = settings.TakeText("budget_duration");
            var most = ImportedLimits.TakeUsd(settings, "max_budget");
            imported.Limits = imported.Limits with
            {
                Budget = ImportedTerms.Budget(most, period, settings.Find("max_budget") ?? settings),
            };
        }

        if (root.TakeMap("general_settings") is { } general)
        {
            ImportGeneral(general);
        }
    }

    /// <summary>Makes a model of each alias; gives the model that it is another name of.</summary>
    public Dictionary<string, string> ImportAliases()
    {
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        var aliases = root.TakeMap("router_settings")?.TakeMap("model_group_alias");
        foreach (var (alias, _) in aliases?.Members ?? [])
        {
            if (aliases!.Take(alias) is not { } value)
            {
                continue;
            }

            var name = value.Kind == SourceKind.Map ? value.TakeText("model") : value.Text;
            if (name is null || !imported.Models.TryGetValue(name, out var model))
            {
                value.Notes.Add(value, "not imported: there is no such model");
            }
            else if (imported.Models.ContainsKey(alias))
            {
                value.Notes.Add(value, "not imported: there is a model of this name");
            }
            else
            {
                var targets = model.Targets.Select(t => t with { Model = t.Model ?? name });
                imported.SetModel(alias, model with { Targets = [.. targets] }, value);
                made.Add(alias, name);
            }
        }

        return made;
    }

    private void ImportGeneral(SourceValue general)
    {
        imported.Limits = imported.Limits with { Concurrent = ImportedLimits.TakeConcurrent(general, "global_max_parallel_requests") };
        if (ImportedLimits.LetsNothingThrough(imported.Limits))
        {
            var at = general.Find("global_max_parallel_requests")!;
            at.Notes.AddByHand(at, "nothing is let through there; one request at a time is AiRouter's least");
            imported.Limits = ImportedLimits.AtLeastOne(imported.Limits);
        }

        imported.Server = imported.Server with
        {
            MaxBodyMiB = general.TakeInt("max_request_size_mb", 1, 1024) ?? imported.Server.MaxBodyMiB,
        };
        var completion = Model(general, "completion_model");
        imported.Defaults = imported.Defaults with
        {
            Chat = completion,
            Completions = completion,
            Embeddings = Model(general, "embedding_model"),
            Moderations = Model(general, "moderation_model"),
            Images = Model(general, "image_generation_model"),
        };
        if (general.Take("database_url") is { } database)
        {
            if (hasKeys)
            {
                database.Notes.Add(database, "not imported: a store is Redis, or the embedded one (ConnectionStrings__redis)");
            }
            else
            {
                database.Notes.AddByHand(
                    database, "client keys are in LiteLLM's database: export the table LiteLLM_VerificationToken as JSON and give it " +
                    "with --keys FILE");
            }
        }

        if (general.Take("master_key") is { } key)
        {
            ImportMasterKey(key);
        }
    }

    private string? Model(SourceValue general, string name)
    {
        if (general.TakeText(name) is not { } model)
        {
            return null;
        }

        var at = general.Find(name)!;
        if (!imported.Models.ContainsKey(model))
        {
            at.Notes.Add(at, "not imported: there is no such model");
            return null;
        }

        return model;
    }

    // It opens LiteLLM's administration, and its models too: clients may have nothing else.
    private void ImportMasterKey(SourceValue key)
    {
        imported.Server = imported.Server with { Authentication = AuthenticationMode.Required };
        var variable = secrets.VariableOf(key.Text);
        var secret = variable is null ? key.Text : variables.ValueOf(variable);
        if (!key.IsScalar || secret is not { Length: > 0 })
        {
            key.Notes.AddByHand(
                key, "the master key is not imported: clients that have it need a key of their own (hash-key - reads one and gives its " +
                "hash for keys); Admin is opened by AIROUTER_ADMIN_KEY");
            return;
        }

        imported.AddSecretKey(MasterKey, secret, key);
        key.Notes.Add(
            key, $"the master key is the client key \"{MasterKey}\" here, by its hash, for clients that have nothing else; Admin is " +
            "opened by AIROUTER_ADMIN_KEY");
    }
}
