using AiRouter.Admin.Components.Shared.Forms;
using Microsoft.AspNetCore.Components;

namespace AiRouter.Admin.Components.Backends;

/// <summary>A field of a backend's form.</summary>
public abstract class BackendField : Field
{
    /// <summary>What all fields have in common.</summary>
    [CascadingParameter]
    public FormState State { get; set; } = null!;

    /// <summary>The member of the backend, such as <c>timeouts.connect</c>.</summary>
    [Parameter, EditorRequired]
    public string Member { get; set; } = "";

    /// <inheritdoc/>
    public override string Id => "backend-" + IdOf(Member);

    /// <inheritdoc/>
    public override string? Problem => State.ProblemAt(Member);

    /// <inheritdoc/>
    public override string? Lock => State.LockAt(Member);

    /// <inheritdoc/>
    public override bool IsDisabled => State.IsReadOnly || Lock is not null;
}
