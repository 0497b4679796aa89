using System.Buffers;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Streaming;

/// <summary>An error as the last event of a stream, as the clients of each dialect look for it.</summary>
internal static class ErrorEvent
{
    /// <summary>Writes the whole frame.</summary>
    public static void Write(IBufferWriter<byte> output, ApiError error, StreamDialect dialect)
    {
        if (dialect == StreamDialect.Messages)
        {
            output.Write(MessagesError.ToFrame(error));
            return;
        }

        var isResponses = dialect == StreamDialect.Responses;
        output.Write(isResponses ? "event: error\ndata: "u8 : "data: "u8);
        output.Write(isResponses ? error.ToResponsesEvent() : error.ToJson());
        output.Write("\n\n"u8);
    }
}
