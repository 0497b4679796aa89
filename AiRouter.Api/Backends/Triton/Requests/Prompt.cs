using System.Text;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>What a model is to continue.</summary>
/// <param name="Text">UTF-8; empty when <paramref name="Tokens"/> is set.</param>
/// <param name="Tokens">Token ids, instead of a text.</param>
internal sealed record Prompt(ReadOnlyMemory<byte> Text, IReadOnlyList<int>? Tokens = null)
{
    /// <summary>The prompt as the client sent it: what <c>echo</c> shows. Null when <see cref="Text"/> is made of messages.</summary>
    public string? Sent { get; init; }

    /// <summary><see cref="Sent"/> in UTF-8.</summary>
    public ReadOnlyMemory<byte> Shown => Sent is null ? default : Encoding.UTF8.GetBytes(Sent);
}
