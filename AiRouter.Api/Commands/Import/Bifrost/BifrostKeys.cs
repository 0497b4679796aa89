using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Commands.Import.Bifrost;

/// <summary>Bifrost's virtual keys, with what its governance says of them.</summary>
internal sealed class BifrostKeys(ImportTask task, SourceValue governance, BifrostProviders providers, bool emptyIsAll)
{
    private static readonly string[] GroupLimits = ["budget_id", "budgets", "rate_limit_id", "rate_limit"];

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

        var (models, limits) = new BifrostKeyModels(providers, _limits, emptyIsAll).Read(key);
        var team = key.TakeText("team_id");
        var customer = key.TakeText("customer_id");
        TellGroup(key, "teams", team, "team_id");
        TellGroup(key, "customers", customer, "customer_id");
        key.Take("description");
        key.Take("calendar_aligned");
        task.Imported.AddKey(
            new KeyConfig
            {
                Name = name.Trim() is { Length: > 0 and <= 120 } fits ? fits : "key",
                Hash = hash,
                Models = models,
                Disabled = key.TakeFlag("is_active") is false || models is { Count: 0 },
                Expires = ImportedTerms.Expiry(key, "expires_at"),
                Owner = NameOf("teams", team) ?? NameOf("customers", customer) ?? team ?? customer,
                Limits = _limits.LimitsOf(key),
                Budget = _limits.BudgetOf(key, id, "virtual_key_id"),
                ModelLimits = limits,
            },
            key);
    }

    private string? HashOf(SourceValue key, string name)
    {
        if (BifrostText.Of(key.Take("value")) is not { IsScalar: true } value)
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

        ImportedConfiguration.TellIfShort(name, secret, value);
        return ClientKeySecret.HashOf(secret);
    }

    // What holds for all keys of a team together has no equivalent.
    private void TellGroup(SourceValue key, string list, string? id, string reference)
    {
        if (id is null)
        {
            return;
        }

        var group = Find(list, id);
        var isLimited = group is not null && GroupLimits.Any(group.Has);
        if (isLimited || governance.Find("budgets")?.Items.Any(b => b.Find(reference)?.Text == id) is true)
        {
            key.Notes.AddByHand(
                key, $"the budget and the limits of its {list[..^1]} are not imported, as they are for several keys: set the key's own");
        }
    }

    private SourceValue? Find(string list, string id) => governance.Find(list)?.Items.FirstOrDefault(t => t.Find("id")?.Text == id);

    private string? NameOf(string list, string? id) => id is null ? null : Find(list, id)?.Find("name")?.Text;
}
