namespace AiRouter.Prompting.Outputs;

/// <summary>Takes the parts of an answer, in the order in which the model wrote them. No part is ever taken back.</summary>
public interface IOutputSink
{
    /// <summary>More of what the client reads (UTF-8).</summary>
    void Content(ReadOnlySpan<byte> text);

    /// <summary>More of what the model thinks (UTF-8).</summary>
    void Reasoning(ReadOnlySpan<byte> text);

    /// <summary>A call begins. Its arguments follow, then its end; calls do not overlap.</summary>
    /// <param name="id">The model's own id of the call; empty when it has none: the sink makes one then.</param>
    /// <param name="name">The function's name.</param>
    void BeginToolCall(ReadOnlySpan<byte> id, ReadOnlySpan<byte> name);

    /// <summary>More of the call's arguments: all pieces together are the JSON text of an object.</summary>
    void Arguments(ReadOnlySpan<byte> json);

    /// <summary>
    /// The call is complete. A call that is followed by anything else, or by the answer's end, was cut off or broke: its
    /// arguments are what the model wrote of them.
    /// </summary>
    void EndToolCall();
}
