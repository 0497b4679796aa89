namespace AiRouter.AppHost.Commands;

/// <summary>What became of something that a user asked of a running resource.</summary>
/// <param name="IsDone">Whether it was done.</param>
/// <param name="Message">One sentence for the user.</param>
/// <param name="Value">What the user wanted to have, as a key that was made.</param>
internal sealed record CommandOutcome(bool IsDone, string Message, string? Value = null)
{
    /// <summary>It was not done.</summary>
    public static CommandOutcome Failed(string message) => new(IsDone: false, message);
}
