using Microsoft.AspNetCore.Components;

namespace AiRouter.Admin.Components.Shared.Forms;

/// <summary>A field of a <see cref="RecordForm"/>: one member of the <see cref="FormPart"/> that it stands in.</summary>
public abstract class RecordField : Field
{
    /// <summary>What it is a field of.</summary>
    [CascadingParameter]
    public FormPart Part { get; set; } = null!;

    /// <summary>The member, such as <c>maxTokens.default</c>.</summary>
    [Parameter, EditorRequired]
    public string Path { get; set; } = "";

    /// <summary>Called when it has changed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    /// <inheritdoc/>
    public override string Id => "f-" + IdOf(Part.PathOf(Path));

    /// <inheritdoc/>
    public override string? Problem => Part.Form.ProblemAt(Part.PathOf(Path));

    /// <inheritdoc/>
    public override string? Lock => Part.Form.LockAt(Part.PathOf(Path));

    /// <inheritdoc/>
    public override bool IsDisabled => Part.Form.IsReadOnly || Lock is not null;

    /// <summary>Tells that it has changed: what was wrong with it may not be any more.</summary>
    protected Task TellAsync()
    {
        Part.Form.Forget(Part.PathOf(Path));
        return Changed.InvokeAsync();
    }
}
