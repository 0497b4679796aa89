using Microsoft.AspNetCore.Components;

namespace AiRouter.Admin.Components.Shared.Forms;

/// <summary>A field of a form that knows itself what is wrong with it and what is locked.</summary>
public abstract class Field : ComponentBase, IField
{
    /// <summary>What it is called.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <inheritdoc/>
    [Parameter]
    public string? Hint { get; set; }

    /// <inheritdoc/>
    public abstract string Id { get; }

    /// <inheritdoc/>
    public abstract string? Problem { get; }

    /// <inheritdoc/>
    public abstract string? Lock { get; }

    /// <summary>Whether it cannot be changed.</summary>
    public abstract bool IsDisabled { get; }

    /// <summary>For <c>aria-describedby</c>.</summary>
    protected string? Described => FieldNotes.IdsOf(this);

    /// <summary>For <c>aria-invalid</c>.</summary>
    protected string? Invalid => Problem is null ? null : "true";

    /// <summary>A part of an id, made of a path.</summary>
    protected static string IdOf(string path) => string.Concat(path.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
