using System.Globalization;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.Reading;

/// <summary>
/// A value of the file that is imported, in YAML, TOML or JSON alike. It knows where it stands and whether it was asked for: what
/// nobody asked for has no equivalent, and is told.
/// </summary>
internal sealed class SourceValue
{
    private readonly OrderedDictionary<string, SourceValue> _members = new(StringComparer.Ordinal);
    private readonly List<SourceValue> _items = [];

    public required SourceKind Kind { get; init; }

    /// <summary>The line, from 1; 0: unknown.</summary>
    public required int Line { get; init; }

    /// <summary>Of a text or plain value.</summary>
    public string Text { get; init; } = "";

    /// <summary>The way to it, such as <c>model_list[2].litellm_params</c>.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The names on the way to it, without the places in lists.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>The file.</summary>
    public string File { get; private set; } = "";

    /// <summary>Takes what is told about it and what lies below.</summary>
    public ImportNotes Notes { get; private set; } = null!;

    /// <summary>Whether somebody asked for it.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>A key without a value counts as absent.</summary>
    public bool IsNull => Kind == SourceKind.Plain && (Text is "" or "~" or "null" or "Null" or "NULL");

    public bool IsScalar => Kind is SourceKind.Text or SourceKind.Plain;

    /// <summary>Names and values of a map, in their order; asking for them takes none.</summary>
    public IReadOnlyList<KeyValuePair<string, SourceValue>> Members => _members;

    /// <summary>The values of a list; asking for them takes none.</summary>
    public IReadOnlyList<SourceValue> Items => _items;

    /// <summary>While it is read: the last of two of a name counts.</summary>
    public void Add(string name, SourceValue value) => _members[name] = value;

    /// <summary>While it is read.</summary>
    public void Add(SourceValue item) => _items.Add(item);

    public bool Has(string name) => _members.TryGetValue(name, out var value) && !value.IsNull;

    /// <summary>While it is read: the member, taken by nobody.</summary>
    public SourceValue? Find(string name) => _members.GetValueOrDefault(name);

    /// <summary>A copy that may stand elsewhere.</summary>
    public SourceValue Copy()
    {
        var copy = new SourceValue { Kind = Kind, Line = Line, Text = Text };
        foreach (var (name, value) in _members)
        {
            copy.Add(name, value.Copy());
        }

        _items.ForEach(item => copy.Add(item.Copy()));
        return copy;
    }

    /// <summary>How many values it is, itself included.</summary>
    public int Count() => 1 + _members.Values.Sum(static v => v.Count()) + _items.Sum(static i => i.Count());

    /// <summary>How deep it is.</summary>
    public int Depth() => 1 + _members.Values.Concat(_items).Select(static v => v.Depth()).DefaultIfEmpty().Max();

    /// <summary>Tells it, and all below, where they are.</summary>
    public void Place(string file, ImportNotes notes, string path = "", IReadOnlyList<string>? names = null)
    {
        (File, Notes, Path, Names) = (file, notes, path, names ?? []);
        foreach (var (name, value) in _members)
        {
            value.Place(file, notes, DocumentPath.Below(path, name), [.. Names, name]);
        }

        for (var i = 0; i < _items.Count; i++)
        {
            _items[i].Place(file, notes, $"{path}[{i}]", Names);
        }
    }

    /// <summary>The member, which then is taken; null: there is none.</summary>
    public SourceValue? Take(string name)
    {
        IsTaken = true;
        if (!_members.TryGetValue(name, out var value))
        {
            return null;
        }

        value.IsTaken = true;
        return value.IsNull ? null : value;
    }

    /// <summary>Takes it and all that is below.</summary>
    public SourceValue TakeAll()
    {
        IsTaken = true;
        foreach (var value in _members.Values.Concat(_items))
        {
            value.TakeAll();
        }

        return this;
    }

    /// <summary>The topmost values that nobody took.</summary>
    public IEnumerable<SourceValue> Untaken()
    {
        if (IsNull || (!IsScalar && _members.Count + _items.Count == 0))
        {
            return [];
        }

        return IsTaken ? _members.Values.Concat(_items).SelectMany(static v => v.Untaken()) : [this];
    }

    /// <summary>A member that is a text; null: absent, or something else, which is told.</summary>
    public string? TakeText(string name) => Take(name) is not { } value ? null : value.IsScalar ? value.Text : Refuse(value, "a text");

    /// <summary>A member that is a whole number of a range; null: absent, or something else, which is told.</summary>
    public long? TakeWhole(string name, long least, long most) =>
        TakeDecimal(name, least, most) is not { } number ? null
        : number == decimal.Truncate(number) ? (long)number
        : (long)decimal.Ceiling(number);

    /// <summary>As <see cref="TakeWhole"/>, for keys that are smaller numbers here.</summary>
    public int? TakeInt(string name, int least, int most) => (int?)TakeWhole(name, least, most);

    /// <summary>A member that is a number of a range; null: absent, or something else, which is told.</summary>
    public double? TakeNumber(string name, double least, double most) => (double?)TakeDecimal(name, (decimal)least, (decimal)most);

    /// <summary>As <see cref="TakeNumber"/>, exactly.</summary>
    public decimal? TakeDecimal(string name, decimal least, decimal most)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        if (value.Number() is not { } number)
        {
            Refuse(value, "a number");
            return null;
        }

        if (number < least || number > most)
        {
            Notes.Add(value, string.Create(CultureInfo.InvariantCulture, $"not imported: AiRouter takes {least} to {most} here"));
            return null;
        }

        return number;
    }

    /// <summary>A member that is true or false; null: absent, or something else, which is told.</summary>
    public bool? TakeFlag(string name)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        var flag = value.Flag();
        if (flag is null)
        {
            Refuse(value, "true or false");
        }

        return flag;
    }

    /// <summary>A member that has members; null: absent, or something else, which is told.</summary>
    public SourceValue? TakeMap(string name) =>
        Take(name) is not { } value ? null : value.Kind == SourceKind.Map ? value : RefuseValue(value, "names with values");

    /// <summary>The items of a member that is a list, each taken; none when it is absent, or something else, which is told.</summary>
    public IReadOnlyList<SourceValue> TakeList(string name)
    {
        var items = LookInto(name);
        foreach (var item in items)
        {
            item.IsTaken = true;
        }

        return items;
    }

    /// <summary>
    /// As <see cref="TakeList"/>, for a list that something else refers to: its items are taken by whoever finds the right one.
    /// </summary>
    public IReadOnlyList<SourceValue> LookInto(string name)
    {
        if (Take(name) is not { } value)
        {
            return [];
        }

        if (value.Kind == SourceKind.List)
        {
            return value.Items;
        }

        Refuse(value, "a list");
        return [];
    }

    /// <summary>The texts of a member that is a list of them, or one text.</summary>
    public IReadOnlyList<string> TakeTexts(string name)
    {
        if (_members.TryGetValue(name, out var single) && single is { IsScalar: true, IsNull: false })
        {
            Take(name);
            return [single.Text];
        }

        return [.. TakeList(name).Where(static item => item is { IsScalar: true, IsNull: false }).Select(static item => item.Text)];
    }

    /// <summary>As a number; null: it is none.</summary>
    public decimal? Number() =>
        IsScalar && Text.Length < 64 && decimal.TryParse(
            Text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>As true or false, in all the ways of YAML 1.1; null: it is neither.</summary>
    public bool? Flag() => !IsScalar ? null : Text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" => true,
        "FALSE" or "NO" or "OFF" => false,
        _ => null,
    };

    /// <summary>As JSON, taken with all that is below.</summary>
    public JsonNode? ToJson()
    {
        IsTaken = true;
        return Kind switch
        {
            SourceKind.Map => new JsonObject(_members.Select(static m => KeyValuePair.Create(m.Key, m.Value.ToJson()))),
            SourceKind.List => new JsonArray([.. _items.Select(static i => i.ToJson())]),
            SourceKind.Text => JsonValue.Create(Text),
            _ when IsNull => null,
            _ when Flag() is { } flag => JsonValue.Create(flag),
            _ when Number() is { } number => JsonValue.Create(number),
            _ => JsonValue.Create(Text),
        };
    }

    private static string? Refuse(SourceValue value, string wanted)
    {
        value.TakeAll();
        value.Notes.Add(value, $"not imported: {wanted} was expected here");
        return null;
    }

    private static SourceValue? RefuseValue(SourceValue value, string wanted)
    {
        Refuse(value, wanted);
        return null;
    }
}
