namespace AiRouter.Core.Configuration.Assets;

/// <summary>
/// Loads what a model's configuration names and this project does not know: prompt formats, output parsers and tokenizers.
/// Called while a configuration is checked; what is loaded lives as long as the configuration that names it.
/// </summary>
public interface IModelAssets
{
    /// <summary>The names that <c>toolCalls</c> may have.</summary>
    IReadOnlyCollection<string> ToolCallParsers { get; }

    /// <summary>The names that <c>reasoning</c> may have.</summary>
    IReadOnlyCollection<string> ReasoningParsers { get; }

    /// <summary>The prompt format, or null and what is wrong in <paramref name="load"/>.</summary>
    /// <param name="promptFormat">As configured: a name, a file, or a template.</param>
    /// <param name="prompt">How it is used.</param>
    /// <param name="load">Reads files and takes problems.</param>
    IPromptAsset? LoadFormat(string promptFormat, PromptConfig prompt, AssetLoad load);

    /// <summary>The tokenizer, or null and what is wrong in <paramref name="load"/>.</summary>
    /// <param name="tokenizer">As configured: a file or the name of an encoding.</param>
    /// <param name="load">Reads files and takes problems.</param>
    ITokenCounter? LoadTokenizer(string tokenizer, AssetLoad load);
}

/// <summary>A loaded prompt format. Who renders with it knows its type.</summary>
public interface IPromptAsset
{
    /// <summary>What the configuration calls it.</summary>
    string Name { get; }
}

/// <summary>Counts tokens exactly as the model's own tokenizer does.</summary>
public interface ITokenCounter
{
    /// <summary>What the configuration calls it.</summary>
    string Name { get; }

    /// <summary>
    /// The tokens of a text. Special tokens written in it (<c>&lt;|im_start|&gt;</c>) are one token each.
    /// </summary>
    /// <param name="utf8">The text.</param>
    /// <param name="addSpecialTokens">Count those too that the tokenizer puts around a text (BOS, EOS).</param>
    /// <exception cref="System.Text.RegularExpressions.RegexMatchTimeoutException">
    /// A pattern of the tokenizer takes too long on this text.
    /// </exception>
    int Count(ReadOnlySpan<byte> utf8, bool addSpecialTokens);
}
