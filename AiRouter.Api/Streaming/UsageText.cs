using System.Text;
using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Streaming;

/// <summary>Usage as chat, completions and embeddings write it; an estimate says that it is one (R28).</summary>
internal static class UsageText
{
    /// <summary>Says that usage is an estimate, when that is known before the first byte.</summary>
    public const string Header = "x-airouter-usage";

    /// <summary>The header's value.</summary>
    public const string Estimated = "estimated";

    /// <summary>The object of a generated answer.</summary>
    public static byte[] Of(TokenUsage usage) => Encoding.UTF8.GetBytes(
        $$"""
        {"prompt_tokens":{{usage.Input}},"completion_tokens":{{usage.Output}},"total_tokens":{{usage.Total}}{{Rest(usage)}}}
        """);

    /// <summary>The object of embeddings, which complete nothing.</summary>
    public static byte[] OfInput(TokenUsage usage) => Encoding.UTF8.GetBytes(
        $$"""{"prompt_tokens":{{usage.Input}},"total_tokens":{{usage.Input}}{{Mark(usage)}}}""");

    private static string Rest(TokenUsage usage) => Details(usage) + Mark(usage);

    private static string Details(TokenUsage usage) => usage.Reasoning is { } tokens
        ? $$""","completion_tokens_details":{"reasoning_tokens":{{tokens}}}"""
        : "";

    private static string Mark(TokenUsage usage) => usage.IsEstimated ? ",\"estimated\":true" : "";
}
