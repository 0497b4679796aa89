using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Routing.Policies;

/// <summary>
/// The beginnings of a request's prompt, each as a keyed hash (R38): after every message, and after every
/// <see cref="PrefixHash.BlockSize"/> bytes of a longer one. Each hash goes on from the one before, so a conversation that has become
/// longer begins with the very hashes that it had.
/// </summary>
internal sealed class PrefixChain
{
    private readonly UInt128[] _ends;

    private PrefixChain(UInt128[] ends) => _ends = ends;

    /// <summary>The shortest beginning first; none for an operation without a prompt.</summary>
    public ReadOnlySpan<UInt128> Ends => _ends;

    /// <summary>Those of a request, read once.</summary>
    public static PrefixChain Of(Exchange exchange)
    {
        if (exchange.Prefix is { } known)
        {
            return known;
        }

        var hash = new PrefixHash(exchange.Client?.Id ?? "", stackalloc byte[PrefixHash.BufferSize]);
        PromptReader.Read(exchange, ref hash);
        return exchange.Prefix = new PrefixChain(hash.Ends.ToArray());
    }
}
