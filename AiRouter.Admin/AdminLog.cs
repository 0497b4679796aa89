namespace AiRouter.Admin;

/// <summary>What the process as a whole tells.</summary>
internal static partial class AdminLog
{
    /// <summary>The first admin's key can be guessed.</summary>
    [LoggerMessage(3201, LogLevel.Warning, "{Variable} is shorter than {Length} characters: whoever reaches Admin can guess it")]
    public static partial void LogShortKey(this ILogger logger, string variable, int length);
}
