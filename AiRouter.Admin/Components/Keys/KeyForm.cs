using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Admin.Management.Failures;
using AiRouter.Admin.Management.Keys;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Keys;

/// <summary>What somebody types about a client key. Texts stay as they are typed until they are read all at once.</summary>
public sealed class KeyForm
{
    // As an input of the type datetime-local has it.
    private const string MomentFormat = "yyyy-MM-ddTHH:mm";

    private DateTimeOffset? _expiresBefore;

    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whose it is.</summary>
    public string Owner { get; set; } = "";

    /// <summary>Tags, with commas between.</summary>
    public string Tags { get; set; } = "";

    /// <summary>When it stops working, in UTC; empty: never.</summary>
    public string Expires { get; set; } = "";

    /// <summary>Whether it is switched off; no field of the form.</summary>
    public bool Disabled { get; set; }

    /// <summary>Whether it may use every model.</summary>
    public bool AllModels { get; set; } = true;

    /// <summary>Names of configured models that it may use.</summary>
    public HashSet<string> Models { get; } = new(StringComparer.Ordinal);

    /// <summary>More patterns of models, with commas or line breaks between.</summary>
    public string Patterns { get; set; } = "";

    /// <summary>Whether it may use every operation with a model, and none without.</summary>
    public bool AllOperations { get; set; } = true;

    /// <summary>Operations that it may use.</summary>
    public HashSet<string> Operations { get; } = new(StringComparer.Ordinal);

    /// <summary>What it may use over all models.</summary>
    public LimitFields Limits { get; private set; } = new();

    /// <summary>What it may use of single models.</summary>
    public List<ModelLimitFields> ModelLimits { get; } = [];

    /// <summary>Who goes first in a queue.</summary>
    public string Priority { get; set; } = "0";

    /// <summary>Whether the request log keeps its bodies.</summary>
    public bool LogBodies { get; set; }

    /// <summary>The form of a key as it is.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="terms">Everything else.</param>
    /// <param name="models">The names of the configured models: what else the key may use is a pattern.</param>
    public static KeyForm Of(string name, KeyTerms terms, IReadOnlyCollection<string> models)
    {
        var known = models.ToHashSet(StringComparer.Ordinal);
        var form = new KeyForm
        {
            Name = name,
            Owner = terms.Owner ?? "",
            Tags = string.Join(", ", terms.Tags),
            Expires = MomentText(terms.Expires),
            _expiresBefore = terms.Expires,
            Disabled = terms.Disabled,
            AllModels = terms.Models is null,
            Patterns = string.Join(", ", (terms.Models ?? []).Where(m => !known.Contains(m))),
            AllOperations = terms.Operations is null,
            Limits = LimitFields.Of(terms.Limits, terms.Budget),
            Priority = terms.Priority.ToString(CultureInfo.InvariantCulture),
            LogBodies = terms.LogBodies,
        };
        form.Models.UnionWith((terms.Models ?? []).Where(known.Contains));
        form.Operations.UnionWith(terms.Operations ?? []);
        form.ModelLimits.AddRange(terms.ModelLimits.OrderBy(static m => m.Key, StringComparer.Ordinal)
            .Select(static m => new ModelLimitFields { Model = m.Key, Limits = LimitFields.Of(m.Value, m.Value.Budget) }));
        return form;
    }

    /// <summary>Lets it end so many days after a moment, at the beginning of a minute.</summary>
    public void ExpireIn(int days, DateTimeOffset now) => Expires = MomentText(now.AddDays(days));

    /// <summary>What it says, or everything that cannot be meant, by path.</summary>
    internal Outcome<KeySettings> Settings(DateTimeOffset now)
    {
        var (settings, problems) = RecordJson.Read<KeySettings>(Encoding.UTF8.GetBytes(ToJson().ToJsonString()));
        List<ConfigurationProblem> found = [.. OwnProblems(now), .. problems];
        return found.Count > 0 ? ManagementFailure.Invalid(found) : settings!;
    }

    private JsonObject ToJson() => new()
    {
        ["name"] = Name.Trim(),
        ["owner"] = Owner.Trim() is { Length: > 0 } owner ? owner : null,
        ["tags"] = ArrayOf(Parts(Tags)),
        ["models"] = AllModels ? null : ArrayOf(Models.Order(StringComparer.Ordinal).Concat(Parts(Patterns)).Distinct(StringComparer.Ordinal)),
        ["operations"] = AllOperations ? null : ArrayOf(Operations.Order(StringComparer.Ordinal)),
        ["expires"] = Expires == MomentText(_expiresBefore) ? _expiresBefore?.ToString("O", CultureInfo.InvariantCulture) : Expires,
        ["disabled"] = Disabled,
        ["limits"] = Limits.LimitsJson(),
        ["budget"] = Limits.BudgetJson(),
        ["modelLimits"] = new JsonObject(
            ModelLimits.Where(static m => m.Name.Length > 0).DistinctBy(static m => m.Name, StringComparer.Ordinal).Select(static m => m.ToJson())),
        ["priority"] = Priority.Trim() is { Length: > 0 } priority ? priority : null,
        ["logBodies"] = LogBodies,
    };

    private IEnumerable<ConfigurationProblem> OwnProblems(DateTimeOffset now)
    {
        if (Name.Trim().Length == 0)
        {
            yield return Problem("name", "give the key a name: it is how logs, charts and lists call it");
        }

        if (Expires != MomentText(_expiresBefore) && Moment(Expires) <= now)
        {
            yield return Problem("expires", "this moment is over: the key would not work; choose a later one, or none");
        }

        if (!AllModels && Models.Count == 0 && Parts(Patterns).Length == 0)
        {
            yield return Problem("models", "choose at least one model, or allow all models");
        }

        if (!AllOperations && Operations.Count == 0)
        {
            yield return Problem("operations", "choose at least one operation, or allow all");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in ModelLimits)
        {
            if (row.Name.Length == 0)
            {
                yield return Problem("modelLimits", "say for which model each row is, or remove the row");
            }
            else if (!names.Add(row.Name))
            {
                yield return Problem("modelLimits", $"\"{row.Name}\" is here twice: keep one of the rows");
            }
            else if (row.Limits.IsEmpty)
            {
                yield return Problem("modelLimits", $"\"{row.Name}\" has no limit: set one, or remove the row");
            }
        }
    }

    private static ConfigurationProblem Problem(string path, string message) => new(path, message, null);

    private static string[] Parts(string text) =>
        text.Split([',', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static JsonArray ArrayOf(IEnumerable<string> texts) => [.. texts.Select(static t => JsonValue.Create(t))];

    private static string MomentText(DateTimeOffset? moment) =>
        moment?.UtcDateTime.ToString(MomentFormat, CultureInfo.InvariantCulture) ?? "";

    private static DateTimeOffset? Moment(string text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
}
