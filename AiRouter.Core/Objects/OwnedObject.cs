namespace AiRouter.Core.Objects;

/// <summary>An object that a backend keeps: a file, a batch, a stored response (R5).</summary>
/// <param name="Owner">The id of the key that made it (a name can be given again); null: made without a key.</param>
/// <param name="Backend">The backend that keeps it.</param>
/// <param name="Model">The public name of the model that made it, if one did.</param>
public sealed record OwnedObject(string? Owner, string Backend, string? Model)
{
    /// <summary>The <see cref="Backend"/> of what the router itself keeps; no backend is called so.</summary>
    public const string Router = "@router";

    /// <summary>Whether the router itself keeps it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsRouters => Backend == Router;
}
