using AiRouter.TritonSimulator.Tensors;
using Google.Protobuf;

namespace AiRouter.TritonSimulator.Scripts;

/// <summary>One token of an answer: its bytes, and the same ready as the content of a tensor [1].</summary>
internal sealed class Token(ReadOnlyMemory<byte> text)
{
    /// <summary>The bytes; half a character when characters are split.</summary>
    public ReadOnlyMemory<byte> Text { get; } = text;

    /// <summary>The bytes as a BYTES tensor of one element.</summary>
    public ByteString Tensor { get; } = TensorWriter.Bytes(text);
}
