using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>
/// Client keys out of LiteLLM's database (the table <c>LiteLLM_VerificationToken</c>, or <c>/key/list</c>). It knows them by the SHA-256
/// of the secret in hexadecimal digits, as AiRouter does, so that clients keep theirs.
/// </summary>
/// <param name="imported">Takes the keys.</param>
/// <param name="groups">Names of models by the access groups that a key may have instead.</param>
internal sealed class LiteLlmKeys(ImportedConfiguration imported, ILookup<string, string> groups)
{
    // What a database keeps of a row, and what is counted anew here.
    private static readonly string[] Records =
    [
        "token_id", "created_at", "created_by", "updated_at", "updated_by", "last_active", "last_refreshed_at", "budget_reset_at",
        "spend", "model_spend", "key_name", "user", "user_email", "soft_budget", "soft_budget_cooldown", "budget_id", "rotation_count",
        "auto_rotate", "rotation_interval", "last_rotation_at", "key_rotation_at", "agent_id", "team_alias", "key", "api_key",
    ];

    // Those whose own limits hold for a key too; LiteLLM's own user has none.
    private static readonly string[] Groups = ["team_id", "user_id", "organization_id", "org_id", "project_id"];
    private const string OwnUser = "default_user_id";

    private const string AllOfTeam = "all-team-models";
    private const string AllOfProxy = "all-proxy-models";

    private bool _hasGroups;

    /// <summary>Reads a list of keys, or an object with such a list under <c>keys</c> or <c>data</c>.</summary>
    public void Import(SourceValue root)
    {
        foreach (var list in new[] { "keys", "data" })
        {
            foreach (var row in root.TakeList(list))
            {
                ImportKey(row);
            }
        }

        if (_hasGroups)
        {
            root.Notes.AddByHand(
                root, "what LiteLLM says of teams, users, organizations and projects (models, limits, budgets) is not in the rows of " +
                "their keys: see that no key may do more here than there");
        }

        foreach (var name in new[] { "total_count", "current_page", "total_pages" })
        {
            root.Take(name);
        }
    }

    private void ImportKey(SourceValue row)
    {
        if (row.Kind != SourceKind.Map || HashOf(row) is not { } hash)
        {
            row.TakeAll();
            row.Notes.Add(row, "not imported: token is to be the SHA-256 of a key in 64 hexadecimal digits");
            return;
        }

        var table = row.TakeMap("litellm_budget_table");
        var team = row.TakeText("team_id");
        var user = row.TakeText("user_id");
        var metadata = row.TakeMap("metadata");
        var key = new KeyConfig
        {
            Name = NameOf(row, hash),
            Hash = hash,
            Models = ModelsOf(row, team),
            Expires = ImportedTerms.Expiry(row, "expires"),
            Disabled = row.TakeFlag("blocked") is true | IsLimitedElsewhere(row, table) | HasRoutesOfItsOwn(row),
            Owner = team ?? user,
            Tags = [.. (metadata?.TakeTexts("tags") ?? []).Concat(row.TakeTexts("tags")).Distinct(StringComparer.Ordinal)],
            Limits = new LimitsConfig
            {
                RequestsPerMinute = OfEither(row, table, static s => ImportedLimits.TakeRequests(s, "rpm_limit")),
                TokensPerMinute = OfEither(row, table, static s => ImportedLimits.TakeTokens(s, "tpm_limit")),
                Concurrent = OfEither(row, table, static s => ImportedLimits.TakeConcurrent(s, "max_parallel_requests")),
            },
            Budget = BudgetOf(row, table),
            ModelLimits = ModelLimitsOf(row, table, metadata),
        };
        foreach (var name in Records)
        {
            row.Take(name)?.TakeAll();
            table?.Take(name)?.TakeAll();
        }

        _hasGroups |= Groups.Any(g => row.Has(g) && row.Find(g)!.Text != OwnUser);
        imported.AddKey(key, row);
    }

    private static string? HashOf(SourceValue row)
    {
        var token = row.TakeText("token");
        return token is { Length: 64 } && token.All(char.IsAsciiHexDigit) ? "sha256:" + token.ToLowerInvariant()
            : token?.StartsWith("sk-", StringComparison.Ordinal) is true ? ClientKeySecret.HashOf(token)
            : null;
    }

    private static string NameOf(SourceValue row, string hash)
    {
        var name = row.TakeText("key_alias")?.Trim();
        return name is { Length: > 0 and <= 120 } ? name : $"litellm-{hash["sha256:".Length..][..8]}";
    }

    // A team's models hold for each of its keys, also for one without models of its own.
    private List<string>? ModelsOf(SourceValue row, string? team)
    {
        var names = row.TakeTexts("models");
        var isAll = names.Contains(AllOfProxy) ||
            row.Find("models") is null or { IsNull: true } or { Kind: SourceKind.List, Items.Count: 0 };
        if (isAll && team is null)
        {
            return null;
        }

        if (isAll || names.Contains(AllOfTeam))
        {
            var at = row.Find("models") ?? row;
            at.Notes.AddByHand(at, "AiRouter has no teams: a key with all models of its team may use none until its models are listed");
            names = [.. names.Where(static n => n is not AllOfTeam and not AllOfProxy)];
        }

        return [.. names.SelectMany(n => groups.Contains(n) ? groups[n] : [n]).Distinct(StringComparer.Ordinal)];
    }

    // What the key has itself goes before what it shares with others.
    private static T? OfEither<T>(SourceValue row, SourceValue? table, Func<SourceValue, T?> take)
    {
        var shared = table is null ? default : take(table);
        return take(row) ?? shared;
    }

    private static bool IsLimitedElsewhere(SourceValue row, SourceValue? table)
    {
        if (table is not null || row.Take("budget_id") is not { } id)
        {
            return false;
        }

        id.Notes.AddByHand(
            id, "the key is switched off: its limits are in the table LiteLLM_BudgetTable; export the row with it as litellm_budget_table");
        return true;
    }

    private static bool HasRoutesOfItsOwn(SourceValue row)
    {
        var routes = row.TakeTexts("allowed_routes");
        if (routes.Count == 0 || routes.Any(static r => r is "llm_api_routes" or "openai_routes"))
        {
            return false;
        }

        var at = row.Find("allowed_routes")!;
        at.Notes.AddByHand(at, "the key is switched off: operations of a key say what it may use");
        return true;
    }

    private static BudgetConfig? BudgetOf(SourceValue row, SourceValue? table)
    {
        var usd = OfEither(row, table, static s => ImportedLimits.TakeUsd(s, "max_budget"));
        var period = OfEither(row, table, static s => s.TakeText("budget_duration"));
        var budget = ImportedTerms.Budget(usd, period, row.Find("max_budget") ?? row);
        var windows = row.TakeList("budget_limits").Where(static w => w.Kind == SourceKind.Map).ToList();
        if (windows.Count + (budget is null ? 0 : 1) > 1)
        {
            row.Notes.AddByHand(
                row, "several budgets hold there, here one: the smallest sum, for the longest of the periods, so that nobody spends more");
        }

        foreach (var window in windows)
        {
            var length = window.TakeText("budget_duration");
            window.Take("reset_at");
            budget = ImportedTerms.Both(budget, ImportedTerms.Budget(ImportedLimits.TakeUsd(window, "max_budget"), length, window));
        }

        return budget;
    }

    private static Dictionary<string, KeyModelConfig> ModelLimitsOf(SourceValue row, SourceValue? table, SourceValue? metadata)
    {
        var limits = new SortedDictionary<string, KeyModelConfig>(StringComparer.Ordinal);
        foreach (var source in new[] { table, metadata, row }.OfType<SourceValue>())
        {
            Each(source, "model_rpm_limit", (name, map) => Of(name) with { RequestsPerMinute = ImportedLimits.TakeRequests(map, name) });
            Each(source, "model_tpm_limit", (name, map) => Of(name) with { TokensPerMinute = ImportedLimits.TakeTokens(map, name) });
            Each(source, "model_max_budget", (name, map) => Of(name) with { Budget = ModelBudgetOf(name, map) });
        }

        return new Dictionary<string, KeyModelConfig>(limits, StringComparer.Ordinal);

        KeyModelConfig Of(string name) => limits.GetValueOrDefault(name) ?? new KeyModelConfig();

        void Each(SourceValue source, string member, Func<string, SourceValue, KeyModelConfig> read)
        {
            var map = source.TakeMap(member);
            foreach (var (name, _) in map?.Members ?? [])
            {
                if (read(name, map!) is var limit && limit != new KeyModelConfig())
                {
                    limits[name] = limit;
                }
            }
        }
    }

    // A number, or { budget_limit: 10, time_period: 1d } (max_budget and budget_duration in other versions).
    private static BudgetConfig? ModelBudgetOf(string name, SourceValue map)
    {
        if (map.Find(name) is not { Kind: SourceKind.Map } budget)
        {
            return ImportedTerms.Budget(ImportedLimits.TakeUsd(map, name), null, map.Find(name) ?? map);
        }

        map.Take(name);
        var other = ImportedLimits.TakeUsd(budget, "max_budget");
        var period = budget.TakeText("budget_duration");
        return ImportedTerms.Budget(
            ImportedLimits.TakeUsd(budget, "budget_limit") ?? other, budget.TakeText("time_period") ?? period, budget);
    }
}
