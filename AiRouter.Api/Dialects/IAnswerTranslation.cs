using System.Buffers;
using System.Text.Json;

namespace AiRouter.Api.Dialects;

/// <summary>
/// One answer on its way from chat completions to the client's dialect; either whole or as a stream. What it is given is well-formed
/// JSON as <c>openai-api.md</c> §2.2 and §2.3 have it, whatever the backend was. Not for several threads at once.
/// </summary>
internal interface IAnswerTranslation
{
    /// <summary>The whole answer.</summary>
    /// <param name="completion">A <c>chat.completion</c>.</param>
    /// <param name="output">Gets the JSON of the client's dialect.</param>
    void WriteWhole(JsonElement completion, IBufferWriter<byte> output);

    /// <summary>A chunk of a stream: the frames that follow from it, if any; with the first one those that begin a stream.</summary>
    /// <param name="chunk">A <c>chat.completion.chunk</c>; the last one may have usage and no choices.</param>
    /// <param name="output">Gets whole frames (<c>event:</c> and <c>data:</c> lines, and an empty one).</param>
    void WriteChunk(JsonElement chunk, IBufferWriter<byte> output);

    /// <summary>A chunk that has nothing but a text, if it can be written as it stands there: for one of every token.</summary>
    /// <param name="delta">The chunk.</param>
    /// <param name="output">Gets whole frames, the same that <see cref="WriteChunk"/> writes.</param>
    /// <returns>False, and nothing is written: <see cref="WriteChunk"/> does it.</returns>
    bool TryWriteText(in TextDelta delta, IBufferWriter<byte> output) => false;

    /// <summary>The stream has come to its regular end (<c>[DONE]</c>): everything that is still open is closed.</summary>
    void WriteEnd(IBufferWriter<byte> output);

    /// <summary>The stream has broken off: what its clients expect then. The connection is ended behind it (R40).</summary>
    /// <param name="error">OpenAI's error object: <c>message</c>, <c>type</c>, <c>param</c>, <c>code</c>.</param>
    /// <param name="output">Gets whole frames.</param>
    void WriteError(JsonElement error, IBufferWriter<byte> output);
}
