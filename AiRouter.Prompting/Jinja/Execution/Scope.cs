namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>
/// Which names a scope has and how they begin: Jinja2's own rules, which decide at parse time. A name that is set anywhere
/// in a scope is the scope's own from its beginning, where it is a copy of the outer one; a name that is only read is the
/// outer one itself, or the caller's variable.
/// </summary>
internal sealed class Scope(Scope? parent, FunctionLayout function)
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private Dictionary<string, Load> _loads = new(StringComparer.Ordinal);
    private HashSet<string> _stores = new(StringComparer.Ordinal);

    /// <summary>How a name begins.</summary>
    private enum LoadKind
    {
        Parameter,
        Global,
        Copy,
        Nothing,
    }

    /// <summary>The template or macro whose variables these are.</summary>
    public FunctionLayout Function => function;

    /// <summary>The name is read.</summary>
    public void Read(string name)
    {
        if (Find(name) is null)
        {
            _loads[name] = new Load(LoadKind.Global, null);
        }
    }

    /// <summary>The name is set.</summary>
    public void Write(string name)
    {
        _stores.Add(name);
        if (!_loads.ContainsKey(name))
        {
            var outer = parent?.Find(name);
            _loads[name] = new Load(outer is null ? LoadKind.Nothing : LoadKind.Copy, outer);
        }
    }

    /// <summary>The name is set before the scope begins.</summary>
    public void Declare(string name)
    {
        _stores.Add(name);
        _loads[name] = new Load(LoadKind.Parameter, null);
    }

    /// <summary>The same names, for one branch of an <c>if</c>.</summary>
    public Scope Branch() => new(parent, function) { _loads = new(_loads), _stores = [.. _stores] };

    /// <summary>Takes what the branches of an <c>if</c> set: each may or may not have run.</summary>
    public void Join(IReadOnlyList<Scope> branches)
    {
        var written = branches.SelectMany(static branch => branch._stores).Where(name => !_stores.Contains(name)).ToHashSet();
        foreach (var branch in branches)
        {
            foreach (var (name, load) in branch._loads)
            {
                _loads[name] = load;
            }

            _stores.UnionWith(branch._stores);
        }

        foreach (var name in written)
        {
            var outer = parent?.Find(name);
            _loads[name] = new Load(outer is null ? LoadKind.Global : LoadKind.Copy, outer);
        }
    }

    /// <summary>The scope whose variable a name is, seen from here.</summary>
    public Scope? Find(string name) => _loads.ContainsKey(name) ? this : parent?.Find(name);

    /// <summary>Whether a name, found in this scope, is the caller's variable and never set.</summary>
    public bool IsGlobal(string name) => _loads[name].Kind == LoadKind.Global && !_stores.Contains(name);

    /// <summary>The slot of a name found in this scope.</summary>
    public int SlotOf(string name)
    {
        if (!_slots.TryGetValue(name, out var slot))
        {
            slot = function.NewSlot();
            _slots.Add(name, slot);
        }

        return slot;
    }

    /// <summary>What to do when the scope begins; to be asked when all names are known.</summary>
    public ScopeEntry Enter(Func<string, int> globalOf)
    {
        var starts = new List<ScopeEntry.Start>();
        foreach (var (name, load) in _loads)
        {
            if (load.Kind == LoadKind.Parameter || IsGlobal(name))
            {
                continue;
            }

            var slot = SlotOf(name);
            starts.Add(load.Kind switch
            {
                LoadKind.Global => new ScopeEntry.Start(slot, globalOf(name), -1, -1),
                LoadKind.Copy when load.Outer!.IsGlobal(name) => new ScopeEntry.Start(slot, globalOf(name), -1, -1),
                LoadKind.Copy => new ScopeEntry.Start(slot, -1, HopsTo(load.Outer), load.Outer.SlotOf(name)),
                _ => new ScopeEntry.Start(slot, -1, -1, -1),
            });
        }

        return new ScopeEntry([.. starts]);
    }

    /// <summary>How many definitions outwards another scope's variables are.</summary>
    public int HopsTo(Scope other)
    {
        var hops = 0;
        for (var layout = function; layout != other.Function; layout = layout.Parent!)
        {
            hops++;
        }

        return hops;
    }

    private readonly record struct Load(LoadKind Kind, Scope? Outer);
}

/// <summary>The variables of a template, macro, call block or recursive loop.</summary>
internal sealed class FunctionLayout(FunctionLayout? parent)
{
    /// <summary>The one around its definition.</summary>
    public FunctionLayout? Parent => parent;

    /// <summary>How many there are so far.</summary>
    public int Slots { get; private set; }

    /// <summary>Another variable.</summary>
    public int NewSlot() => Slots++;
}
