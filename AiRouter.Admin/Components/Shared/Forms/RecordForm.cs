using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Shared.Forms;

/// <summary>
/// A record of the document while somebody edits it: its JSON, with what was typed as it was typed. What no field shows stays as it
/// is; what is wrong is told by the same strict reader as files and requests are read with, field by field.
/// </summary>
public sealed class RecordForm
{
    private readonly JsonObject _root;
    private readonly string _original;
    private readonly Dictionary<string, string> _complaints = new(StringComparer.Ordinal);
    private IReadOnlyList<ConfigurationProblem> _problems = [];
    private IReadOnlyList<(string Path, string Text)> _locks = [];

    private RecordForm(string json)
    {
        _original = json;
        _root = JsonNode.Parse(json)!.AsObject();
        Root = new FormPart(this, _root, "");
    }

    /// <summary>All of it.</summary>
    public FormPart Root { get; }

    /// <summary>Whether nothing may be changed.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Whether something is not as it was.</summary>
    public bool IsChanged => _complaints.Count > 0 || !JsonNode.DeepEquals(_root, JsonNode.Parse(_original));

    /// <summary>The fields whose text is no value, and why.</summary>
    internal IReadOnlyDictionary<string, string> Complaints => _complaints;

    /// <summary>A form that shows a record.</summary>
    public static RecordForm Of(object record, bool isReadOnly = false) =>
        new(ConfigurationJson.WriteRecord(record)) { IsReadOnly = isReadOnly };

    /// <summary>The record as the form shows it, or what is wrong, by path from the document's root.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <param name="place">Where it is in the document, such as <c>models</c> and <c>llama</c>.</param>
    public (T? Record, IReadOnlyList<ConfigurationProblem> Problems) Read<T>(params ReadOnlySpan<string> place)
        where T : class
    {
        var (record, problems) = RecordJson.Read<T>(Encoding.UTF8.GetBytes(_root.ToJsonString()), place);
        var around = DocumentPath.Of(place);
        IReadOnlyList<ConfigurationProblem> all =
            [.. _complaints.Select(c => new ConfigurationProblem(FormPart.Join(around, c.Key), c.Value, null)), .. problems];
        return all.Count > 0 ? (null, all) : (record, all);
    }

    /// <summary>Shows problems at their fields.</summary>
    /// <param name="problems">What is wrong, by path from the document's root.</param>
    /// <param name="place">Where the record is in the document.</param>
    public void Tell(IReadOnlyList<ConfigurationProblem> problems, params ReadOnlySpan<string> place)
    {
        var around = DocumentPath.Of(place);
        _problems = [.. problems.Select(p => p with { Path = DocumentPath.Inside(p.Path, around) ?? "" }).Where(static p => p.Path.Length > 0)];
    }

    /// <summary>Locks fields, and says why.</summary>
    /// <param name="locks">By path in the record.</param>
    public void Lock(IReadOnlyList<(string Path, string Text)> locks) => _locks = locks;

    /// <summary>What is wrong with a field, or with what is in it; null: nothing is known.</summary>
    public string? ProblemAt(string path) =>
        _complaints.TryGetValue(path, out var complaint) ? complaint
        : string.Join(' ', _problems.Where(p => DocumentPath.Inside(p.Path, path) is not null).Select(static p => Sentence(p.Message)))
            is { Length: > 0 } text ? text
        : null;

    /// <summary>How many problems lie inside a path.</summary>
    public int CountInside(string path) =>
        _problems.Count(p => DocumentPath.Inside(p.Path, path) is not null) + _complaints.Keys.Count(k => DocumentPath.Inside(k, path) is not null);

    /// <summary>Why a field is locked; null: it is not.</summary>
    public string? LockAt(string path) => _locks.FirstOrDefault(
        l => DocumentPath.Inside(path, l.Path) is not null || DocumentPath.Inside(l.Path, path) is not null).Text;

    /// <summary>A field's text is no value; null: it is.</summary>
    internal void Complain(string path, string? message)
    {
        if (message is null)
        {
            _complaints.Remove(path);
        }
        else
        {
            _complaints[path] = message;
        }
    }

    /// <summary>What lay at a path or inside is gone: nothing is wrong with it any more.</summary>
    internal void Forget(string path)
    {
        foreach (var gone in _complaints.Keys.Where(k => DocumentPath.Inside(k, path) is not null).ToList())
        {
            _complaints.Remove(gone);
        }

        _problems = [.. _problems.Where(p => DocumentPath.Inside(p.Path, path) is null)];
    }

    private static string Sentence(string message) => char.ToUpperInvariant(message[0]) + message[1..] + ".";
}
