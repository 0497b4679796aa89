using System.Globalization;
using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Commands.Import.Bifrost;

/// <summary>Bifrost's virtual keys, with what its governance says of them.</summary>
internal sealed class BifrostKeys(ImportTask task, SourceValue governance, BifrostProviders providers, bool emptyIsAll)
{
    private const string All = "*";

    private readonly BifrostLimits _limits = new(governance);

    /// <summary>Reads all.</summary>
    public void Import()
    {
        foreach (var key in governance.TakeList("virtual_keys").Where(static k => k.Kind == SourceKind.Map))
        {
            Import(key);
        }
    }

    private void Import(SourceValue key)
    {
        var id = key.TakeText("id");
        var name = key.TakeText("name") ?? id ?? "key";
        if (HashOf(key, name) is not { } hash)
        {
            key.TakeAll();
            return;
        }

        var models = ModelsOf(key, out var limits);
        var team = key.TakeText("team_id");
        var customer = key.TakeText("customer_id");
        key.Take("description");
        key.Take("calendar_aligned");
        var requests = _limits.LimitsOf(key);
        task.Imported.AddKey(
            new KeyConfig
            {
                Name = name.Trim() is { Length: > 0 and <= 120 } fits ? fits : "key",
                Hash = hash,
                Models = models,
                Disabled = key.TakeFlag("is_active") is false || models is { Count: 0 },
                Expires = ExpiryOf(key),
                Owner = NameOf("teams", team) ?? NameOf("customers", customer) ?? team ?? customer,
                Limits = requests,
                Budget = _limits.BudgetOf(key, id, "virtual_key_id"),
                ModelLimits = limits,
            },
            key);
    }

    private string? HashOf(SourceValue key, string name)
    {
        if (key.Take("value") is not { IsScalar: true } value)
        {
            key.Notes.AddByHand(
                key, $"the key \"{name}\" is not imported: its value is not in the file; hash-key - reads it and gives its hash");
            return null;
        }

        var variable = task.Secrets.VariableOf(value.Text);
        var secret = variable is null ? value.Text : task.Environment.GetValueOrDefault(variable);
        if (secret is not { Length: > 0 } || secret.StartsWith("vault.", StringComparison.Ordinal))
        {
            var where = variable is null ? "its value is elsewhere" : $"{variable} is not set here";
            value.Notes.AddByHand(
                value, $"the key \"{name}\" is not imported: {where}; set the variable and import again, or hash the key with hash-key -");
            return null;
        }

        if (secret.Length < HashKeyCommand.ShortestGoodKey)
        {
            value.Notes.AddByHand(value, $"the key \"{name}\" is short: whoever sees its hash might guess it; give its holders a new one");
        }

        return ClientKeySecret.HashOf(secret);
    }

    // Null: all. Providers that are not named are not allowed.
    private List<string>? ModelsOf(SourceValue key, out Dictionary<string, KeyModelConfig> limits)
    {
        limits = new Dictionary<string, KeyModelConfig>(StringComparer.Ordinal);
        if (!key.Has("provider_configs") && emptyIsAll)
        {
            return null;
        }

        var models = new List<string>();
        foreach (var config in key.TakeList("provider_configs").Where(static c => c.Kind == SourceKind.Map))
        {
            var provider = config.TakeText("provider") ?? "";
            var allowed = config.TakeTexts("allowed_models");
            var isAll = allowed.Contains(All) || (allowed.Count == 0 && emptyIsAll);
            if (allowed.Count == 0 && !emptyIsAll)
            {
                config.Notes.AddByHand(config, "the key may use none of the provider's models until allowed_models names some");
            }

            models.AddRange(isAll
                ? providers.ModelsOf(provider).Where(m => !m.StartsWith($"{provider}/", StringComparison.Ordinal)).Prepend($"{provider}/*")
                : allowed.Select(m => $"{provider}/{m}"));
            var limit = _limits.LimitsOf(config);
            var budget = _limits.BudgetOf(config, config.TakeText("id"), "provider_config_id");
            if (limit != new LimitsConfig() || budget is not null)
            {
                limits[$"{provider}/*"] = new KeyModelConfig
                {
                    RequestsPerMinute = limit.RequestsPerMinute,
                    TokensPerMinute = limit.TokensPerMinute,
                    Budget = budget,
                };
            }

            // Which of several targets answers is the model's own affair.
            config.Take("weight");
            if (config.TakeTexts("key_ids") is { Count: > 0 } ids && !ids.Contains(All))
            {
                var at = config.Find("key_ids")!;
                at.Notes.Add(at, "not imported: a key may use models, not single backends of them");
            }
        }

        if (models.Count == 0)
        {
            key.Notes.Add(key, "the key may use no provider: it is switched off");
        }

        return [.. models.Distinct(StringComparer.Ordinal)];
    }

    private static DateTimeOffset? ExpiryOf(SourceValue key)
    {
        if (key.TakeText("expires_at") is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return moment;
        }

        var at = key.Find("expires_at")!;
        at.Notes.AddByHand(at, "this is no moment: the key does not work until somebody says when it ends");
        return DateTimeOffset.UnixEpoch;
    }

    private string? NameOf(string list, string? id) => id is null ? null : governance.Find(list)?.Items
        .FirstOrDefault(t => t.Find("id")?.Text == id)?.Find("name")?.Text;
}
