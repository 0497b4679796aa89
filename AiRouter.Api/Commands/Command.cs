namespace AiRouter.Api.Commands;

/// <summary>A command of the command line.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Summary">One line for help.</param>
/// <param name="Options">Its own options, besides <c>--config</c>.</param>
/// <param name="Operand">What help calls the one argument that it may have; null: none.</param>
/// <param name="RunAsync">Does it; gives the exit code.</param>
internal sealed record Command(
    string Name,
    string Summary,
    IReadOnlyList<CommandOption> Options,
    string? Operand,
    Func<CommandContext, Task<int>> RunAsync);
