namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>The choices of one answer, read at the same time: when one cannot be read to its end, none needs to be (R13).</summary>
internal static class ChoiceReading
{
    /// <summary>Reads all of them to their ends.</summary>
    public static async Task ReadAllAsync(this IReadOnlyList<Choice> choices, Func<Choice, Task> read)
    {
        if (choices.Count == 1)
        {
            await ReadOneAsync(choices, choices[0], read);
        }
        else
        {
            await Task.WhenAll(choices.Select(choice => ReadOneAsync(choices, choice, read)));
        }
    }

    /// <summary>Nothing more is wanted of any.</summary>
    public static void CancelAll(this IReadOnlyList<Choice> choices)
    {
        foreach (var choice in choices)
        {
            choice.Generation.Cancel();
        }
    }

    private static async Task ReadOneAsync(IReadOnlyList<Choice> choices, Choice choice, Func<Choice, Task> read)
    {
        var isOver = false;
        try
        {
            await read(choice);
            isOver = true;
        }
        finally
        {
            if (!isOver)
            {
                choices.CancelAll();
            }
        }
    }
}
