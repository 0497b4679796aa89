namespace AiRouter.Admin.Management;

/// <summary>A list, as an object: something can be added beside it later.</summary>
/// <typeparam name="T">What it is a list of.</typeparam>
/// <param name="Items">The items.</param>
internal sealed record ItemList<T>(IReadOnlyList<T> Items);
