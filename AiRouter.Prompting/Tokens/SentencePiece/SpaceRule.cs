using AiRouter.Prompting.Tokens.Segments;

namespace AiRouter.Prompting.Tokens.SentencePiece;

/// <summary>What a SentencePiece model does with spaces before it encodes.</summary>
internal sealed class SpaceRule(ModelFile model) : ITextRule
{
    private const char Written = '▁';

    /// <inheritdoc/>
    public string? Apply(ReadOnlySpan<char> text, bool isStart)
    {
        var result = text.ToString();
        if (model.RemovesSpaces)
        {
            result = string.Join(' ', result.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        if (result.Length > 0 && model.AddsSpace)
        {
            result = model.SpaceIsSuffix ? result + ' ' : ' ' + result;
        }

        return model.EscapesSpaces ? result.Replace(' ', Written) : result;
    }
}
