using System.Globalization;
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
        "spend", "model_spend", "key_name", "user", "user_email", "soft_budget", "soft_budget_cooldown", "litellm_budget_table",
        "budget_id", "rotation_count", "auto_rotate", "rotation_interval", "last_rotation_at", "key_rotation_at", "organization_id",
        "project_id", "agent_id", "object_permission_id", "org_id", "team_alias", "key", "api_key",
    ];

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

        var period = row.TakeText("budget_duration");
        var team = row.TakeText("team_id");
        var user = row.TakeText("user_id");
        var metadata = row.TakeMap("metadata");
        var key = new KeyConfig
        {
            Name = NameOf(row, hash),
            Hash = hash,
            Models = ModelsOf(row),
            Expires = ExpiryOf(row),
            Disabled = row.TakeFlag("blocked") is true,
            Owner = team ?? user,
            Tags = [.. (metadata?.TakeTexts("tags") ?? []).Concat(row.TakeTexts("tags")).Distinct(StringComparer.Ordinal)],
            Limits = new LimitsConfig
            {
                RequestsPerMinute = row.TakeInt("rpm_limit", 1, 10_000_000),
                TokensPerMinute = row.TakeWhole("tpm_limit", 1, 1_000_000_000_000),
                Concurrent = row.TakeInt("max_parallel_requests", 1, 1_000_000),
            },
            Budget = ImportedTerms.Budget(row.TakeDecimal("max_budget", 0, 1_000_000), period, row.Find("max_budget") ?? row),
            ModelLimits = ModelLimitsOf(row, metadata),
        };
        foreach (var name in Records)
        {
            row.Take(name)?.TakeAll();
        }

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

    private List<string>? ModelsOf(SourceValue row)
    {
        var names = row.TakeTexts("models");
        if (names.Count == 0 || names.Contains("all-proxy-models"))
        {
            return null;
        }

        if (names.Contains("all-team-models"))
        {
            var at = row.Find("models")!;
            at.Notes.AddByHand(at, "AiRouter has no teams: a key with all models of its team may use none until its models are listed");
            names = [.. names.Where(static n => n != "all-team-models")];
        }

        return [.. names.SelectMany(n => groups.Contains(n) ? groups[n] : [n]).Distinct(StringComparer.Ordinal)];
    }

    private static DateTimeOffset? ExpiryOf(SourceValue row)
    {
        if (row.TakeText("expires") is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return moment;
        }

        var at = row.Find("expires")!;
        at.Notes.AddByHand(at, "this is no moment: the key does not work until somebody says when it ends");
        return DateTimeOffset.UnixEpoch;
    }

    private static Dictionary<string, KeyModelConfig> ModelLimitsOf(SourceValue row, SourceValue? metadata)
    {
        var limits = new SortedDictionary<string, KeyModelConfig>(StringComparer.Ordinal);
        foreach (var source in new[] { metadata, row }.OfType<SourceValue>())
        {
            Each(source, "model_rpm_limit", (name, map) => Of(name) with { RequestsPerMinute = map.TakeInt(name, 1, 10_000_000) });
            Each(source, "model_tpm_limit", (name, map) => Of(name) with { TokensPerMinute = map.TakeWhole(name, 1, 1_000_000_000_000) });
            Each(source, "model_max_budget", (name, map) => Of(name) with { Budget = BudgetOf(name, map) });
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
    private static BudgetConfig? BudgetOf(string name, SourceValue map)
    {
        if (map.Find(name) is not { Kind: SourceKind.Map } budget)
        {
            return ImportedTerms.Budget(map.TakeDecimal(name, 0, 1_000_000), null, map.Find(name) ?? map);
        }

        map.Take(name);
        var other = budget.TakeDecimal("max_budget", 0, 1_000_000);
        var period = budget.TakeText("budget_duration");
        return ImportedTerms.Budget(
            budget.TakeDecimal("budget_limit", 0, 1_000_000) ?? other, budget.TakeText("time_period") ?? period, budget);
    }
}
