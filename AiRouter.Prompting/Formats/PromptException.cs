namespace AiRouter.Prompting.Formats;

/// <summary>A prompt could not be rendered.</summary>
/// <param name="message">
/// Of a refused conversation what the template says; else file, line, column, what is wrong and what to do.
/// </param>
/// <param name="isRefusal">
/// True: the template refused the conversation (<c>raise_exception</c>), which is the client's to mend (400). False: the
/// template fails, which is the operator's (500).
/// </param>
/// <param name="inner">What the template's renderer said.</param>
public sealed class PromptException(string message, bool isRefusal, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the conversation was refused.</summary>
    public bool IsRefusal => isRefusal;

    /// <summary>What is wrong and where in the template; null when no template says so.</summary>
    public TemplateProblem? Problem { get; init; }

    /// <summary>Of a refusal the request's member that is to blame; null: the messages as a whole.</summary>
    public string? Param { get; init; }
}
