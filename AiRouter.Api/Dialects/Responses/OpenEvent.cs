using System.Buffers;
using System.Text.Json;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>An event to which members are added.</summary>
/// <param name="Json">Within the event's object.</param>
/// <param name="Output">Where the writer writes; nobody else may before disposal.</param>
internal readonly record struct OpenEvent(Utf8JsonWriter Json, IBufferWriter<byte> Output) : IDisposable
{
    /// <summary>Ends the event.</summary>
    public void Dispose()
    {
        Json.WriteEndObject();
        EventJson.End(Json);
        Output.Write("\n\n"u8);
    }
}
