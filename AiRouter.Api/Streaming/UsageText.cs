using System.Text;
using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Streaming;

/// <summary>Usage as chat and completions write it.</summary>
internal static class UsageText
{
    /// <summary>The object; an estimate says that it is one (R28).</summary>
    public static byte[] Of(TokenUsage usage)
    {
        var mark = usage.IsEstimated ? ",\"estimated\":true" : "";
        return Encoding.UTF8.GetBytes(
            $$"""{"prompt_tokens":{{usage.Input}},"completion_tokens":{{usage.Output}},"total_tokens":{{usage.Total}}{{mark}}}""");
    }
}
