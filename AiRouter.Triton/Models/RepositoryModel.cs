namespace AiRouter.Triton.Models;

/// <summary>A model in the server's repository.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsReady">Whether it is loaded and can be called.</param>
/// <param name="Kind">Its family; <see cref="ModelKind.Unknown"/> too when its configuration could not be read.</param>
public sealed record RepositoryModel(string Name, bool IsReady, ModelKind Kind)
{
    /// <summary>
    /// False for parts of other models (pre- and postprocessing, the engine behind an ensemble) and unknown ones.
    /// </summary>
    public bool IsServable => IsServed(Kind);

    /// <summary>Whether models of a family answer requests of clients.</summary>
    public static bool IsServed(ModelKind kind) => kind is not (ModelKind.Helper or ModelKind.RawEngine or ModelKind.Unknown);
}
