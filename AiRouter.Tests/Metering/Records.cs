using AiRouter.Core.Metering;

namespace AiRouter.Tests.Metering;

/// <summary>Records that a test needs something of.</summary>
internal static class Records
{
    /// <summary>A record of a request that went well.</summary>
    public static UsageRecord At(DateTimeOffset at, string? key = "key_a", string? model = "llama", string? backend = "gpu-1") => new()
    {
        At = at,
        RequestId = "req-1",
        KeyId = key,
        KeyName = key is null ? null : "name of " + key,
        Model = model,
        Backend = backend,
        Operation = "chat",
        Status = 200,
        InputTokens = 10,
        OutputTokens = 5,
        NanoUsd = 1_500,
        Duration = TimeSpan.FromMilliseconds(800),
    };
}
