namespace AiRouter.Prompting.Tokens;

/// <summary>A tokenizer file holds what cannot be read, or is not supported.</summary>
/// <param name="message">What, where, and what there may be.</param>
/// <param name="inner">What the reader of the file's format said.</param>
internal sealed class TokenizerFormatException(string message, Exception? inner = null) : Exception(message, inner);
