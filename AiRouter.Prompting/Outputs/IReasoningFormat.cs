namespace AiRouter.Prompting.Outputs;

/// <summary>How a family of models marks its reasoning.</summary>
public interface IReasoningFormat
{
    /// <summary>What <c>reasoning</c> in the configuration calls it.</summary>
    string Name { get; }

    /// <summary>
    /// Whether its markers are special tokens (harmony's channels), which a backend leaves out of the text unless it is told to
    /// keep them. The parser also reads answers without them.
    /// </summary>
    bool HasSpecialTokens => false;

    /// <summary>A parser for one answer that gives all that is not reasoning to <paramref name="rest"/>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rest">Reads what is left: the tool calls' parser, or <see cref="PlainOutput"/>.</param>
    IOutputParser Start(OutputContext context, IOutputParser rest);
}
