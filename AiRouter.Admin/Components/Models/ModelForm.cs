using AiRouter.Admin.Components.Shared.Forms;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Models;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Components.Models;

/// <summary>A model while somebody edits it: its name, and the form of its record.</summary>
public sealed class ModelForm
{
    private readonly EditedModel _model;
    private string _name;

    /// <summary>A form that shows a model.</summary>
    /// <param name="model">The model as it is stored; without a name: a new one.</param>
    /// <param name="isReadOnly">Whether nothing may be changed.</param>
    /// <param name="target">The first target of a new one.</param>
    public ModelForm(EditedModel model, bool isReadOnly, TargetConfig? target = null)
    {
        _model = model;
        _name = model.Name ?? target?.Model ?? "";
        Fields = RecordForm.Of(target is null ? model.Config : model.Config with { Targets = [target] }, isReadOnly);
        if (model.Name is { } name)
        {
            Fields.Lock(LocksOf(model.Locks, name));
        }
        else if (target is null)
        {
            Fields.Root.AddRow("targets", ("backend", OnlyBackend(model.Document)));
        }
    }

    /// <summary>The record's fields.</summary>
    public RecordForm Fields { get; }

    /// <summary>The name as it was typed.</summary>
    public string Name
    {
        get => _name;
        set => (_name, NameProblem) = (value.Trim(), null);
    }

    /// <summary>What is wrong with the name; null: nothing is known.</summary>
    public string? NameProblem { get; private set; }

    /// <summary>Whether the model gets another name.</summary>
    public bool IsRenamed => _model.Name is { } old && old != Name;

    /// <summary>Whether the name is a pattern.</summary>
    public bool IsPattern => Name.Contains('*');

    /// <summary>Whether something is not as it was.</summary>
    public bool IsChanged => Fields.IsChanged || Name != (_model.Name ?? "");

    /// <summary>Whether a target is at a Triton backend, or none is known: only those use prompt formats and the like.</summary>
    public bool UsesTriton => Kinds.Any(static k => k is null or BackendKind.Triton);

    /// <summary>Whether a target is at a backend that is asked in other words than the client's, or none is known.</summary>
    public bool IsTranslated => Kinds.Any(static k => k is not BackendKind.OpenAi);

    private List<BackendKind?> Kinds =>
        [.. Fields.Root.Rows("targets").Select(t => _model.Document.Backends.GetValueOrDefault(t.Text("backend") ?? "")?.Kind)];

    /// <summary>The model as the form shows it; null: something is wrong, and told at its field.</summary>
    /// <param name="problems">What is wrong.</param>
    public ModelConfig? Read(out IReadOnlyList<ConfigurationProblem> problems)
    {
        if (Name.Length == 0)
        {
            problems = [new ConfigurationProblem("name", "give the model the name that clients are to ask for", null)];
            Tell(problems);
            return null;
        }

        (var record, problems) = Fields.Read<ModelConfig>("models", Name);
        Tell(problems);
        return record;
    }

    /// <summary>Shows problems at their fields.</summary>
    public void Tell(IReadOnlyList<ConfigurationProblem> problems)
    {
        Fields.Tell(problems, "models", Name);
        NameProblem = problems.FirstOrDefault(p => p.Path == "name" || p.Path == DocumentPath.Of("models", Name))?.Message;
    }

    private static string OnlyBackend(RouterConfig document) => document.Backends.Count == 1 ? document.Backends.Keys.First() : "";

    private static IReadOnlyList<(string Path, string Text)> LocksOf(IReadOnlyList<FieldLock> locks, string name)
    {
        var around = DocumentPath.Of("models", name);
        return
        [
            .. locks.Select(l => (Path: DocumentPath.Inside(l.Path, around), Text: $"{l.Variable} in the environment of {string.Join(", ", l.Hosts)} sets it."))
                .Where(static l => l.Path is not null).Select(static l => (l.Path!, l.Text)),
        ];
    }
}
