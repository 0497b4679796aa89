using Microsoft.AspNetCore.Components;

namespace AiRouter.Admin.Components.Shared.Forms;

/// <summary>A field of a <see cref="RecordForm"/>: one member of the <see cref="FormPart"/> that it stands in.</summary>
public abstract class FieldBase : ComponentBase
{
    /// <summary>What it is a field of.</summary>
    [CascadingParameter]
    public FormPart Part { get; set; } = null!;

    /// <summary>The member, such as <c>maxTokens.default</c>.</summary>
    [Parameter, EditorRequired]
    public string Path { get; set; } = "";

    /// <summary>What it is called.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>What it does, in a line, where its name does not say it.</summary>
    [Parameter]
    public string? Hint { get; set; }

    /// <summary>Called when it has changed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    /// <summary>The id of its input.</summary>
    public string Id => "f-" + string.Concat(Part.PathOf(Path).Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    /// <summary>What is wrong with it; null: nothing is known.</summary>
    public string? Problem => Part.Form.ProblemAt(Part.PathOf(Path));

    /// <summary>Why nobody can change it here; null: it can be changed.</summary>
    public string? Lock => Part.Form.LockAt(Part.PathOf(Path));

    /// <summary>Whether it cannot be changed.</summary>
    public bool IsDisabled => Part.Form.IsReadOnly || Lock is not null;

    /// <summary>The ids of what explains it, for <c>aria-describedby</c>.</summary>
    public string? Described
    {
        get
        {
            var ids = string.Join(' ', new[]
            {
                Hint is null ? null : Id + "-hint", Lock is null ? null : Id + "-lock", Problem is null ? null : Id + "-problem",
            }.OfType<string>());
            return ids.Length > 0 ? ids : null;
        }
    }

    /// <summary>For <c>aria-invalid</c>.</summary>
    protected string? Invalid => Problem is null ? null : "true";

    /// <summary>Tells that it has changed: what was wrong with it may not be any more.</summary>
    protected Task TellAsync()
    {
        Part.Form.Forget(Part.PathOf(Path));
        return Changed.InvokeAsync();
    }
}
