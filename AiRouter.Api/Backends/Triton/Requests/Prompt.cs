using System.Text;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration.Assets;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>What a model is to continue.</summary>
/// <param name="Text">UTF-8; empty when <paramref name="Tokens"/> is set.</param>
/// <param name="Tokens">Token ids, instead of a text.</param>
internal sealed record Prompt(ReadOnlyMemory<byte> Text, IReadOnlyList<int>? Tokens = null)
{
    private int? _count;
    private bool _hasNoCount;

    /// <summary>The prompt as the client sent it: what <c>echo</c> shows. Null when <see cref="Text"/> is made of messages.</summary>
    public string? Sent { get; init; }

    /// <summary><see cref="Sent"/> in UTF-8.</summary>
    public ReadOnlyMemory<byte> Shown => Sent is null ? default : Encoding.UTF8.GetBytes(Sent);

    /// <summary>The model's tokenizer; null: there is none, or not all of the input is text.</summary>
    public ITokenCounter? Tokenizer { get; init; }

    /// <summary>Whether the backend puts the tokens around the prompt that its tokenizer adds (R15): they count too.</summary>
    public bool BackendAddsBos { get; init; }

    /// <summary>What the backend answered that was asked for the count; null: it was not asked.</summary>
    public Task<int?>? Asked { get; set; }

    /// <summary>How many tokens it has, exactly; null when nobody can tell (yet). Counted once, when first asked for.</summary>
    public int? CountTokens() => _count ??= Tokens?.Count
        ?? CountText()
        ?? (Asked is { IsCompletedSuccessfully: true } asked ? asked.Result : null);

    private int? CountText()
    {
        if (Tokenizer is null || _hasNoCount)
        {
            return null;
        }

        var count = Tokenizer.TryCount(Text.Span, BackendAddsBos);
        _hasNoCount = count is null;
        return count;
    }
}
