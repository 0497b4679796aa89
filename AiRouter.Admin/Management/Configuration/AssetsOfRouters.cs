using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>
/// Prompt formats and tokenizers as far as Admin has them. A file that is not here may well be where the routers are: that is a
/// warning, unless <c>AIROUTER_PROMPT_FORMATS</c> says that Admin has what they have. A name that is not here is wrong: it is
/// almost always mistyped.
/// </summary>
internal sealed class AssetsOfRouters(IModelAssets own, bool isEverythingHere) : IModelAssets
{
    private static readonly string[] Extensions = [".jinja", ".jinja2", ".j2", ".scriban", ".json", ".model"];

    private readonly List<string> _warnings = [];

    /// <summary>What could not be checked.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> ToolCallParsers => own.ToolCallParsers;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> ReasoningParsers => own.ReasoningParsers;

    /// <inheritdoc/>
    public IPromptAsset? LoadFormat(string promptFormat, PromptConfig prompt, AssetLoad load) =>
        IsElsewhere("prompt format", promptFormat, load) ? null : own.LoadFormat(promptFormat, prompt, load);

    /// <inheritdoc/>
    public ITokenCounter? LoadTokenizer(string tokenizer, AssetLoad load) =>
        IsElsewhere("tokenizer", tokenizer, load) ? null : own.LoadTokenizer(tokenizer, load);

    private bool IsElsewhere(string kind, string name, AssetLoad load)
    {
        if (isEverythingHere || name.Contains('{') || !Extensions.Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        var look = new AssetLoad(load.Folders);
        if (look.TryRead(name) is not null)
        {
            return false;
        }

        var warning = $"the {kind} {name} is not on Admin's machine, so it was not checked: /api/v1/replicas shows whether routers have it";
        if (!_warnings.Contains(warning))
        {
            _warnings.Add(warning);
        }

        return true;
    }
}
