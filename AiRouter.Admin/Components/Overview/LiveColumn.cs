namespace AiRouter.Admin.Components.Overview;

/// <summary>A column of a table of the overview.</summary>
/// <param name="Title">Its head.</param>
/// <param name="IsNumber">Whether it stands to the right.</param>
public sealed record LiveColumn(string Title, bool IsNumber = false);
