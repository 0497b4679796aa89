using AiRouter.Core.Json;

namespace AiRouter.Api.Requests;

/// <summary>
/// Changes to the top-level members of a JSON body, collected by name and then written as edits by offset: what is not
/// changed stays byte for byte, commas and blanks included.
/// </summary>
internal sealed class MemberChanges(JsonIndex index) : IParameterChanges
{
    // A request has few changes, most have one or two: lists that are gone through, and none where there is nothing.
    private List<Change>? _changes;
    private List<(string Name, ReadOnlyMemory<byte> Value)>? _added;

    /// <summary>Whether the body has the member now, <c>null</c> not counted.</summary>
    public bool Has(string name) =>
        AddedAt(name) >= 0 || (Find(name) is >= 0 and var at && (ChangeOf(at)?.Value is not null || !index.Members[at].IsNull));

    /// <summary>The value that the member has now, as JSON; null when it is not there, or null.</summary>
    public ReadOnlyMemory<byte>? ValueOf(string name)
    {
        if (AddedAt(name) is >= 0 and var added)
        {
            return _added![added].Value;
        }

        if (Find(name) is not (>= 0 and var at))
        {
            return null;
        }

        var member = index.Members[at];
        return ChangeOf(at)?.Value
            ?? (member.IsNull ? default(ReadOnlyMemory<byte>?) : index.Json.Slice(member.ValueStart, member.ValueLength));
    }

    /// <summary>Gives the member this value, in its place; adds it at the front when it is not there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value as JSON.</param>
    public void Set(string name, ReadOnlyMemory<byte> value)
    {
        if (AddedAt(name) is >= 0 and var added)
        {
            _added![added] = (name, value);
        }
        else if (Find(name) is >= 0 and var at)
        {
            Note(at).Value = value;
        }
        else
        {
            (_added ??= []).Add((name, value));
        }
    }

    /// <summary>Leaves the member out.</summary>
    public void Remove(string name)
    {
        if (AddedAt(name) is >= 0 and var added)
        {
            _added!.RemoveAt(added);
        }

        if (Find(name) is >= 0 and var at)
        {
            Note(at).IsRemoved = true;
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
            Note(at).IsRemoved = true;
            return;
        }

        Remove(to);
        Note(at).Name = to;
    }

    /// <summary>The edits that make the changes.</summary>
    public JsonEdits ToEdits()
    {
        var edits = new JsonEdits();
        if (_changes is not null)
        {
            AddRemovals(edits);
            foreach (var change in _changes)
            {
                AddReplacements(edits, change);
            }
        }

        AddAdditions(edits);
        return edits;
    }

    private int AddedAt(string name)
    {
        for (var i = 0; i < _added?.Count; i++)
        {
            if (_added[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    private int Find(string name)
    {
        var members = index.Members;
        for (var i = 0; i < members.Length; i++)
        {
            var change = ChangeOf(i);
            if (change is not { IsRemoved: true } && (change?.Name is { } renamed ? renamed == name : index.NameEquals(members[i], name)))
            {
                return i;
            }
        }

        return -1;
    }

    private Change? ChangeOf(int member)
    {
        for (var i = 0; i < _changes?.Count; i++)
        {
            if (_changes[i].Member == member)
            {
                return _changes[i];
            }
        }

        return null;
    }

    private Change Note(int member)
    {
        if (ChangeOf(member) is { } known)
        {
            return known;
        }

        var change = new Change(member);
        (_changes ??= []).Add(change);
        return change;
    }

    private bool IsRemoved(int member) => ChangeOf(member) is { IsRemoved: true };

    private void AddReplacements(JsonEdits edits, Change change)
    {
        if (change.IsRemoved)
        {
            return;
        }

        var member = index.Members[change.Member];
        if (change.Name is { } name)
        {
            edits.Replace(member.NameStart, member.NameLength, JsonBytes.Of(name));
        }

        if (change.Value is { } value)
        {
            edits.Replace(member.ValueStart, member.ValueLength, value);
        }
    }

    /// <summary>A member goes with the comma before it; the first ones that go take the comma behind them.</summary>
    private void AddRemovals(JsonEdits edits)
    {
        if (!_changes!.Exists(static c => c.IsRemoved))
        {
            return;
        }

        var members = index.Members;
        var kept = 0;
        while (kept < members.Length && IsRemoved(kept))
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
            if (IsRemoved(i))
            {
                edits.Replace(End(members[i - 1]), End(members[i]) - End(members[i - 1]), default);
            }
        }
    }

    private void AddAdditions(JsonEdits edits)
    {
        if (_added is not { Count: > 0 })
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

        var removed = _changes?.Count(static c => c.IsRemoved) ?? 0;
        text.Write(index.Members.Length > removed ? ","u8 : ""u8);
        edits.Replace(index.InsertAt, 0, text.ToArray());
    }

    private static int End(JsonMember member) => member.ValueStart + member.ValueLength;

    /// <summary>What becomes of one member of the body.</summary>
    private sealed class Change(int member)
    {
        public int Member => member;

        public bool IsRemoved { get; set; }

        public string? Name { get; set; }

        public ReadOnlyMemory<byte>? Value { get; set; }
    }
}
