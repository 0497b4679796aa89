using System.Buffers;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>Writes the events of one response; each has its name twice, and a number that counts from 0.</summary>
internal sealed class EventWriter
{
    private int _sequence;

    /// <summary>Where the next events go.</summary>
    public IBufferWriter<byte>? Output { get; set; }

    /// <summary>Begins an event: its members are added to it, and disposal ends it.</summary>
    public OpenEvent Begin(string type)
    {
        var output = Output ?? throw new InvalidOperationException("There is nothing to write to.");
        output.Write("event: "u8);
        JsonEscape.Write(output, type);
        output.Write("\ndata: "u8);
        var json = EventJson.Begin(output);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteNumber("sequence_number"u8, _sequence++);
        return new OpenEvent(json, output);
    }
}
