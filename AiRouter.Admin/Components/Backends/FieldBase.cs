using Microsoft.AspNetCore.Components;

namespace AiRouter.Admin.Components.Backends;

/// <summary>A field of a backend's form.</summary>
public abstract class FieldBase : ComponentBase
{
    /// <summary>What all fields have in common.</summary>
    [CascadingParameter]
    public FormState State { get; set; } = null!;

    /// <summary>The member of the backend, such as <c>timeouts.connect</c>.</summary>
    [Parameter, EditorRequired]
    public string Member { get; set; } = "";

    /// <summary>What it is called.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>What it does, in a line, where its name does not say it.</summary>
    [Parameter]
    public string? Hint { get; set; }

    /// <summary>The id of its input.</summary>
    public string Id => "backend-" + string.Concat(Member.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    /// <summary>What is wrong with it.</summary>
    public string? Problem => State.ProblemAt(Member);

    /// <summary>Why it cannot be changed.</summary>
    public string? Lock => State.LockAt(Member);

    /// <summary>Whether it cannot be changed.</summary>
    public bool IsDisabled => State.IsReadOnly || Lock is not null;

    /// <summary>For <c>aria-describedby</c>.</summary>
    public string? Described
    {
        get
        {
            string?[] ids = [Hint is null ? null : Id + "-hint", Problem is null && Lock is null ? null : Id + "-note"];
            var text = string.Join(' ', ids.OfType<string>());
            return text.Length > 0 ? text : null;
        }
    }

    /// <summary>For <c>aria-invalid</c>.</summary>
    protected string? Invalid => Problem is null ? null : "true";
}
