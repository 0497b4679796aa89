using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.Admin.Components.Shared.Forms;

/// <summary>An object of a <see cref="RecordForm"/>: the record itself, or one entry of a list in it. Members are named by path: <c>maxTokens.default</c>.</summary>
public sealed class FormPart
{
    private readonly JsonObject _node;

    internal FormPart(RecordForm form, JsonObject node, string path)
    {
        Form = form;
        _node = node;
        Path = path;
    }

    /// <summary>What it is a part of.</summary>
    public RecordForm Form { get; }

    /// <summary>Where it is in the record; empty: it is all of it.</summary>
    public string Path { get; }

    /// <summary>The same for as long as it is there, wherever in its list.</summary>
    public object Key => _node;

    /// <summary>The path of a member in the record.</summary>
    public string PathOf(string member) => Join(Path, member);

    /// <summary>Whether a member is there at all.</summary>
    public bool Has(string member) => Find(member) is not null;

    /// <summary>A member as text; null: it is not there.</summary>
    public string? Text(string member) => Find(member) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        var other => other.ToJsonString(),
    };

    /// <summary>Sets a member as it was typed; nothing takes it away.</summary>
    public void Set(string member, string? text) => Put(member, string.IsNullOrWhiteSpace(text) ? null : JsonValue.Create(text));

    /// <summary>Whether a member is true; <paramref name="standard"/> when it is not there.</summary>
    public bool IsTrue(string member, bool standard) => Text(member) is { } text ? text == "true" : standard;

    /// <summary>Sets a member; null takes it away.</summary>
    public void Set(string member, bool? value) => Put(member, value is { } given ? JsonValue.Create(given) : null);

    /// <summary>Adds an object where a member is, or takes it away.</summary>
    public void Switch(string member, bool isOn)
    {
        if (!isOn)
        {
            Form.Forget(PathOf(member));
        }

        if (isOn != Has(member))
        {
            Put(member, isOn ? new JsonObject() : null);
        }
    }

    /// <summary>A list of texts; null: it is not there, which is something else than an empty one.</summary>
    public IReadOnlyList<string>? List(string member) =>
        (Find(member) as JsonArray)?.Select(static item => item!.GetValue<string>()).ToList();

    /// <summary>Sets a list of texts; null takes it away.</summary>
    public void Set(string member, IReadOnlyList<string>? list)
    {
        Form.Forget(PathOf(member));
        Put(member, list is null ? null : new JsonArray([.. list.Select(static text => (JsonNode)text)]));
    }

    /// <summary>The objects of a list.</summary>
    public IReadOnlyList<FormPart> Rows(string member) => Find(member) is JsonArray rows
        ? [.. rows.Select((row, i) => new FormPart(
            Form, row!.AsObject(), string.Create(CultureInfo.InvariantCulture, $"{PathOf(member)}[{i}]")))]
        : [];

    /// <summary>Adds an object to a list.</summary>
    /// <param name="member">The list.</param>
    /// <param name="members">What it has at first.</param>
    public void AddRow(string member, params ReadOnlySpan<(string Name, string Text)> members)
    {
        var row = new JsonObject();
        foreach (var (name, text) in members)
        {
            row[name] = text;
        }

        var rows = Find(member) as JsonArray ?? [];
        rows.Add(row);
        Put(member, rows);
    }

    /// <summary>Takes an object out of a list.</summary>
    public void RemoveRow(string member, FormPart row)
    {
        Form.Forget(PathOf(member));
        if (Find(member) is JsonArray rows && rows.Remove(row._node) && rows.Count == 0)
        {
            Put(member, null);
        }
    }

    /// <summary>Moves an object of a list up (-1) or down (1).</summary>
    public void MoveRow(string member, FormPart row, int by)
    {
        if (Find(member) is JsonArray rows && rows.IndexOf(row._node) is var at && at + by >= 0 && at + by < rows.Count)
        {
            Form.Forget(PathOf(member));
            rows.RemoveAt(at);
            rows.Insert(at + by, row._node);
        }
    }

    /// <summary>The entries of a map, as texts: of one with texts the texts, else JSON.</summary>
    public IReadOnlyList<(string Name, string Text)> Entries(string member, bool isJson) => Find(member) is JsonObject map
        ? [.. map.Select(e => (e.Key, isJson || e.Value is null ? e.Value?.ToJsonString(Readable) ?? "null" : e.Value.GetValue<string>()))]
        : [];

    /// <summary>Sets the entries of a map. What cannot be one is told at the field, and keeps the form from being read.</summary>
    public void SetEntries(string member, IReadOnlyList<(string Name, string Text)> entries, bool isJson)
    {
        var path = PathOf(member);
        Form.Forget(path);
        var map = new JsonObject();
        foreach (var (name, text) in entries.Where(static e => e.Name.Length > 0 || e.Text.Length > 0))
        {
            if (name.Length == 0)
            {
                Form.Complain(path, $"The value {text} has no name.");
            }
            else if (map.ContainsKey(name))
            {
                Form.Complain(path, $"There are two entries for \"{name}\".");
            }
            else if (!isJson)
            {
                map[name] = text;
            }
            else if (Parse(text, out var value) is { } problem)
            {
                Form.Complain(path, $"The value of \"{name}\" {problem}");
            }
            else
            {
                map[name] = value;
            }
        }

        Put(member, map.Count > 0 ? map : null);
    }

    /// <summary>A path with a member behind it.</summary>
    internal static string Join(string around, string member) =>
        around.Length == 0 ? member : member.Length == 0 ? around : member[0] == '[' ? around + member : $"{around}.{member}";

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string? Parse(string text, out JsonNode? value)
    {
        value = null;
        if (text.Trim().Length == 0)
        {
            return "is missing.";
        }

        try
        {
            value = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            return null;
        }
        catch (JsonException)
        {
            return $"is no JSON: a number (0.7), true, false, a text in quotes ({JsonValue.Create(text).ToJsonString(Readable)}), a list or an object.";
        }
    }

    private JsonNode? Find(string member)
    {
        JsonNode? at = _node;
        foreach (var name in member.Split('.'))
        {
            at = (at as JsonObject)?[name];
        }

        return at;
    }

    private void Put(string member, JsonNode? value)
    {
        var names = member.Split('.');
        var at = _node;
        foreach (var name in names[..^1])
        {
            if (at[name] is not JsonObject inner)
            {
                if (value is null)
                {
                    return;
                }

                at[name] = inner = [];
            }

            at = inner;
        }

        if (value is null)
        {
            at.Remove(names[^1]);
        }
        else if (!ReferenceEquals(at[names[^1]], value))
        {
            at[names[^1]] = value;
        }
    }
}
