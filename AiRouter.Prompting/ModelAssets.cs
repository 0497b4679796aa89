using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats;
using AiRouter.Prompting.Outputs;
using AiRouter.Prompting.Tokens;

namespace AiRouter.Prompting;

/// <summary>Prompt formats, output parsers and tokenizers, as models name them.</summary>
public sealed class ModelAssets : IModelAssets
{
    private ModelAssets()
    {
    }

    /// <summary>All of them.</summary>
    public static ModelAssets Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyCollection<string> ToolCallParsers => OutputParsers.ToolCalls.Keys;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> ReasoningParsers => OutputParsers.Reasoning.Keys;

    /// <inheritdoc/>
    public IPromptAsset? LoadFormat(string promptFormat, PromptConfig prompt, AssetLoad load) =>
        PromptFormats.Load(promptFormat, prompt, load);

    /// <inheritdoc/>
    public ITokenCounter? LoadTokenizer(string tokenizer, AssetLoad load) => TokenizerLoader.Load(tokenizer, load);
}
