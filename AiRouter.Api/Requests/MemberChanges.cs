using AiRouter.Core.Json;

namespace AiRouter.Api.Requests;

/// <summary>
/// Changes to the top-level members of a JSON body, collected by name and then written as edits by offset: what is not
/// changed stays byte for byte, commas and blanks included.
/// </summary>
internal sealed class MemberChanges(JsonIndex index) : IParameterChanges
{
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _values = [];
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _names = [];
    private readonly HashSet<int> _removed = [];
    private readonly List<(string Name, ReadOnlyMemory<byte> Value)> _added = [];

    /// <summary>Whether the body has the member now, <c>null</c> not counted.</summary>
    public bool Has(string name) =>
        _added.Exists(a => a.Name == name) ||
        (Find(name) is >= 0 and var at && (_values.ContainsKey(at) || !index.Members[at].IsNull));

    /// <summary>The value that the member has now, as JSON; null when it is not there, or null.</summary>
    public ReadOnlyMemory<byte>? ValueOf(string name)
    {
        var added = _added.FindIndex(a => a.Name == name);
        if (added >= 0)
        {
            return _added[added].Value;
        }

        if (Find(name) is not (>= 0 and var at))
        {
            return null;
        }

        var member = index.Members[at];
        if (_values.TryGetValue(at, out var value))
        {
            return value;
        }

        return member.IsNull ? default(ReadOnlyMemory<byte>?) : index.Json.Slice(member.ValueStart, member.ValueLength);
    }

    /// <summary>Gives the member this value, in its place; adds it at the front when it is not there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value as JSON.</param>
    public void Set(string name, ReadOnlyMemory<byte> value)
    {
        var added = _added.FindIndex(a => a.Name == name);
        if (added >= 0)
        {
            _added[added] = (name, value);
        }
        else if (Find(name) is >= 0 and var at)
        {
            _values[at] = value;
        }
        else
        {
            _added.Add((name, value));
        }
    }

    /// <summary>Leaves the member out.</summary>
    public void Remove(string name)
    {
        _added.RemoveAll(a => a.Name == name);
        if (Find(name) is >= 0 and var at)
        {
            _removed.Add(at);
        }
    }

    /// <summary>Calls a member by another name; when the body has that one too, the client's own choice stands.</summary>
    public void Rename(string from, string to)
    {
        if (Find(from) is not (>= 0 and var at))
        {
            return;
        }

        if (Has(to))
        {
            _removed.Add(at);
            return;
        }

        Remove(to);
        _names[at] = JsonBytes.Of(to);
    }

    /// <summary>The edits that make the changes.</summary>
    public JsonEdits ToEdits()
    {
        var edits = new JsonEdits();
        AddRemovals(edits);
        var members = index.Members;
        for (var i = 0; i < members.Length; i++)
        {
            if (_removed.Contains(i))
            {
                continue;
            }

            if (_names.TryGetValue(i, out var name))
            {
                edits.Replace(members[i].NameStart, members[i].NameLength, name);
            }

            if (_values.TryGetValue(i, out var value))
            {
                edits.Replace(members[i].ValueStart, members[i].ValueLength, value);
            }
        }

        AddAdditions(edits);
        return edits;
    }

    private int Find(string name)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(name);
        var members = index.Members;
        for (var i = 0; i < members.Length; i++)
        {
            var isCalled = _names.TryGetValue(i, out var renamed)
                ? renamed.Span.SequenceEqual(JsonBytes.Of(name))
                : index.NameEquals(members[i], utf8);
            if (isCalled && !_removed.Contains(i))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A member goes with the comma before it; the first ones that go take the comma behind them.</summary>
    private void AddRemovals(JsonEdits edits)
    {
        var members = index.Members;
        var kept = 0;
        while (kept < members.Length && _removed.Contains(kept))
        {
            kept++;
        }

        if (kept > 0)
        {
            var end = kept < members.Length ? members[kept].NameStart : End(members[kept - 1]);
            edits.Replace(members[0].NameStart, end - members[0].NameStart, default);
        }

        for (var i = kept + 1; i < members.Length; i++)
        {
            if (_removed.Contains(i))
            {
                edits.Replace(End(members[i - 1]), End(members[i]) - End(members[i - 1]), default);
            }
        }
    }

    private void AddAdditions(JsonEdits edits)
    {
        if (_added.Count == 0)
        {
            return;
        }

        using var text = new MemoryStream();
        foreach (var (name, value) in _added)
        {
            text.Write(text.Length == 0 ? ""u8 : ","u8);
            text.Write(JsonBytes.Of(name));
            text.WriteByte((byte)':');
            text.Write(value.Span);
        }

        text.Write(index.Members.Length > _removed.Count ? ","u8 : ""u8);
        edits.Replace(index.InsertAt, 0, text.ToArray());
    }

    private static int End(JsonMember member) => member.ValueStart + member.ValueLength;
}
