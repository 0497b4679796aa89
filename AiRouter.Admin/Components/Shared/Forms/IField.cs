namespace AiRouter.Admin.Components.Shared.Forms;

/// <summary>A field of any form, as <see cref="FieldNotes"/> explains it.</summary>
public interface IField
{
    /// <summary>The id of its input.</summary>
    string Id { get; }

    /// <summary>What it does, in a line, where its name does not say it.</summary>
    string? Hint { get; }

    /// <summary>Why nobody can change it here; null: it can be changed.</summary>
    string? Lock { get; }

    /// <summary>What is wrong with it; null: nothing is known.</summary>
    string? Problem { get; }
}
