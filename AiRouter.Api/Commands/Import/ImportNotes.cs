using AiRouter.Api.Commands.Import.Reading;

namespace AiRouter.Api.Commands.Import;

/// <summary>All that is said of an import. Nobody puts a value of the file into it that might be a secret.</summary>
internal sealed class ImportNotes
{
    private readonly List<ImportNote> _notes = [];
    private readonly List<ImportNote> _warnings = [];
    private readonly List<string> _byHand = [];

    /// <summary>Lines for standard error, file by file in the order of their lines.</summary>
    public IEnumerable<string> Lines =>
        _notes.GroupBy(static n => n.File).SelectMany(static file => file.OrderBy(static n => n.Line))
            .Concat(_warnings).Select(static n => n.ToString()).Distinct(StringComparer.Ordinal);

    /// <summary>What somebody must do before the configuration is served.</summary>
    public IEnumerable<string> ByHand => _byHand.Select(ImportNote.OneLine);

    /// <summary>Says something about a value.</summary>
    public void Add(SourceValue at, string sentence) => _notes.Add(new ImportNote(at.File, at.Line, at.Path, sentence));

    /// <summary>Says what somebody must do, here and at the head of the configuration.</summary>
    public void AddByHand(SourceValue at, string task) => AddByHand(at, task, at.Path.Length > 0 ? $"{at.Path}: {task}" : task);

    /// <summary>As <see cref="AddByHand(SourceValue, string)"/>, in other words at the head.</summary>
    public void AddByHand(SourceValue at, string sentence, string task)
    {
        Add(at, sentence);
        if (!_byHand.Contains(task))
        {
            _byHand.Add(task);
        }
    }

    /// <summary>Says something about what was made.</summary>
    public void Warn(SourceValue root, string sentence) => _warnings.Add(new ImportNote(root.File, 0, "", sentence));

    /// <summary>Says of everything that nobody asked for that it is not imported, and why.</summary>
    /// <param name="root">The file.</param>
    /// <param name="reasons">Sentences by the last names of a path, such as <c>router_settings.redis_host</c>.</param>
    public void AddUntaken(SourceValue root, IReadOnlyDictionary<string, string> reasons)
    {
        foreach (var value in root.Untaken())
        {
            var reason = Enumerable.Range(0, value.Names.Count)
                .Select(i => reasons.GetValueOrDefault(string.Join('.', value.Names.Skip(i))))
                .FirstOrDefault(static r => r is not null);
            Add(value, reason is null ? "not imported: AiRouter has nothing like it" : $"not imported: {reason}");
        }
    }
}
