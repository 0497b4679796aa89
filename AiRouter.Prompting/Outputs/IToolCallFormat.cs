namespace AiRouter.Prompting.Outputs;

/// <summary>How a family of models writes tool calls: one small file each.</summary>
public interface IToolCallFormat
{
    /// <summary>What <c>toolCalls</c> in the configuration calls it.</summary>
    string Name { get; }

    /// <summary>
    /// Whether its markers are special tokens, which a backend leaves out of the text unless it is told to keep them
    /// (<c>skip_special_tokens: false</c>). The parser also reads answers without them.
    /// </summary>
    bool HasSpecialTokens { get; }

    /// <summary>Whether its markers stand around every answer, with calls or without, so that all must be read.</summary>
    bool MarksEveryAnswer => false;

    /// <summary>Characters of a call's id as the model's templates demand it (Mistral: 9 letters and digits); null: any.</summary>
    int? IdLength { get; }

    /// <summary>A parser for one answer.</summary>
    IOutputParser Start(OutputContext context);

    /// <summary>
    /// What is put behind the prompt, so that the model goes on with a call (<c>tool_choice</c> required or named) where the
    /// backend cannot constrain it. The parser is given it before the answer.
    /// </summary>
    /// <param name="toolName">The one function to call; null: any.</param>
    string Prefill(string? toolName);
}
