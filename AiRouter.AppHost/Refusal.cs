namespace AiRouter.AppHost;

/// <summary>How a run ends that cannot begin or go on.</summary>
internal static class Refusal
{
    /// <summary>Tells the user why; the result is the exit code.</summary>
    public static int Say(string? sentence)
    {
        Console.Error.WriteLine($"AiRouter: {sentence}");
        return 1;
    }
}
