namespace AiRouter.Api.Commands;

/// <summary>An option with a value.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What help calls the value.</param>
/// <param name="Summary">One line for help.</param>
internal sealed record CommandOption(string Name, string Value, string Summary);
