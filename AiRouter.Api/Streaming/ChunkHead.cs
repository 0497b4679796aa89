using AiRouter.Api.Endpoints;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Streaming;

/// <summary>What all chunks of a stream begin with.</summary>
internal static class ChunkHead
{
    /// <summary>The chunk up to and with the comma before <c>choices</c>.</summary>
    /// <param name="operation">Chat or legacy completions.</param>
    /// <param name="id">The answer's id, as JSON.</param>
    /// <param name="created">Its time, as JSON.</param>
    /// <param name="model">The public name, as JSON.</param>
    public static byte[] Make(
        Operation operation, ReadOnlySpan<byte> id, ReadOnlySpan<byte> created, ReadOnlySpan<byte> model)
    {
        var kind = operation.Name == Operations.Completions ? "text_completion"u8 : "chat.completion.chunk"u8;
        return
        [
            .. "{\"id\":"u8, .. id, .. ",\"object\":\""u8, .. kind, .. "\",\"created\":"u8, .. created,
            .. ",\"model\":"u8, .. model, (byte)',',
        ];
    }
}
