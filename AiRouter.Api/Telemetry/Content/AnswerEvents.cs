using System.Text;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Telemetry.Content;

/// <summary>Puts the events that a client was sent together to the answer that it would have got without a stream.</summary>
internal static class AnswerEvents
{
    private const string Data = "data: ";

    /// <summary>The answer, as far as the events were kept; throws what JSON nodes throw for odd ones.</summary>
    public static ReadOnlyMemory<byte> PutTogether(string events, Operation operation)
    {
        var assembly = AnswerAssemblies.For(operation);
        foreach (var line in events.Split('\n'))
        {
            // The last line may be half a one.
            if (line.StartsWith(Data, StringComparison.Ordinal) && line.EndsWith('}'))
            {
                assembly.Add(Encoding.UTF8.GetBytes(line, Data.Length, line.Length - Data.Length));
            }
        }

        return assembly.ToJson();
    }
}
