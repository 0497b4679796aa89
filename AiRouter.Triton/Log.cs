using Microsoft.Extensions.Logging;

namespace AiRouter.Triton;

/// <summary>What this library logs; event ids 3000 to 3099.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Information, "Model {Model} at {Address} is spoken to by the {Adapter} adapter.")]
    public static partial void ModelRead(ILogger logger, string model, string adapter, Uri address);

    [LoggerMessage(3001, LogLevel.Debug, "Connected to {Address} again; model configurations will be read again.")]
    public static partial void Reconnected(ILogger logger, Uri address);

    [LoggerMessage(
        3002,
        LogLevel.Information,
        "Model {Model} has changed ({Cause}); its configuration is read again and the request repeated.")]
    public static partial void ContractChanged(ILogger logger, string model, TritonFailureKind cause);

    [LoggerMessage(
        3003, LogLevel.Information, "Model {Model} streams only in decoupled mode; its answers come in one piece.")]
    public static partial void StreamingRefused(ILogger logger, string model);
}
