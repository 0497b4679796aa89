using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>Writes one event: its name, and between the beginning and <see cref="Dispose"/> the members of its data.</summary>
internal readonly struct EventWriter : IDisposable
{
    private readonly IBufferWriter<byte> _output;

    /// <summary>Begins, with the data's <c>type</c>.</summary>
    public EventWriter(IBufferWriter<byte> output, string type)
    {
        _output = output;
        output.Write("event: "u8);
        Encoding.ASCII.GetBytes(type, output);
        output.Write("\ndata: "u8);
        Json = EventJson.Begin(output);
        Json.WriteStartObject();
        Json.WriteString("type", type);
    }

    /// <summary>The data.</summary>
    public Utf8JsonWriter Json { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Json.WriteEndObject();
        EventJson.End(Json);
        _output.Write("\n\n"u8);
    }
}
