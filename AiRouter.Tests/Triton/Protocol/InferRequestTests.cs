using System.Buffers;
using System.Buffers.Binary;
using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton.Contract;
using AiRouter.Triton.Models;
using AiRouter.Triton.Protocol;
using Google.Protobuf;

namespace AiRouter.Tests.Triton.Protocol;

public sealed class InferRequestTests
{
    private static readonly TensorSpec Words = new("stop_words", DataType.TypeString, [-1], true);

    [Fact]
    public void Encoded_request_is_byte_for_byte_what_protobuf_writes()
    {
        var request = New(maxBatchSize: 4);
        request.AddText(new TensorSpec("text_input", DataType.TypeString, [1], false), "héllo"u8);
        request.AddTexts(Words, ["a"u8.ToArray(), Array.Empty<byte>()]);
        Assert.True(request.AddInteger(new TensorSpec("seed", DataType.TypeUint64, [1], true), ulong.MaxValue));
        Assert.True(request.AddNumber(new TensorSpec("top_p", DataType.TypeFp32, [1], true), 0.5));

        var bytes = Bytes(request);
        var message = ModelInferRequest.Parser.ParseFrom(bytes);

        Assert.Equal(message.ToByteArray(), bytes);
        Assert.Equal("m", message.ModelName);
        Assert.Equal("id-7", message.Id);
        Assert.True(message.Parameters["triton_enable_empty_final_response"].BoolParam);
        Assert.Equal([1L, 2L], message.Inputs[1].Shape);
        Assert.Equal([1, 0, 0, 0, (byte)'a', 0, 0, 0, 0], message.RawInputContents[1].ToByteArray());
    }

    [Theory]
    [InlineData(0, new long[] { 1 })]
    [InlineData(8, new long[] { 1, 1 })]
    public void Quirk10_Batch_dimension_is_there_only_when_the_model_has_a_batch_size(int maxBatchSize, long[] shape)
    {
        var request = New(maxBatchSize);
        request.AddBool(new TensorSpec("stream", DataType.TypeBool, [1], true), true);

        Assert.Equal(shape, ModelInferRequest.Parser.ParseFrom(Bytes(request)).Inputs[0].Shape);
    }

    [Theory]
    [InlineData(DataType.TypeUint32, new byte[] { 5, 0, 0, 0 })]
    [InlineData(DataType.TypeInt32, new byte[] { 5, 0, 0, 0 })]
    [InlineData(DataType.TypeInt64, new byte[] { 5, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(DataType.TypeUint8, new byte[] { 5 })]
    [InlineData(DataType.TypeFp32, new byte[] { 0, 0, 0xA0, 0x40 })]
    [InlineData(DataType.TypeFp16, new byte[] { 0, 0x45 })]
    [InlineData(DataType.TypeBf16, new byte[] { 0xA0, 0x40 })]
    public void Number_is_written_in_the_declared_type(DataType type, byte[] expected)
    {
        var request = New(0);

        Assert.True(request.AddInteger(new TensorSpec("x", type, [1], true), 5));
        Assert.Equal(expected, ModelInferRequest.Parser.ParseFrom(Bytes(request)).RawInputContents[0].ToByteArray());
    }

    [Theory]
    [InlineData(DataType.TypeUint32, -1)]
    [InlineData(DataType.TypeInt32, 1L << 31)]
    [InlineData(DataType.TypeUint8, 256)]
    [InlineData(DataType.TypeString, 1)]
    public void Number_that_does_not_fit_the_declared_type_is_refused(DataType type, long value) =>
        Assert.False(New(0).AddInteger(new TensorSpec("x", type, [1], true), value));

    [Fact]
    public void Fraction_does_not_fit_a_whole_number_type() =>
        Assert.False(New(0).AddNumber(new TensorSpec("x", DataType.TypeInt32, [1], true), 0.5));

    [Fact]
    public void Length_prefix_of_a_word_is_little_endian()
    {
        var request = New(0);
        request.AddText(Words, new byte[300]);

        var raw = ModelInferRequest.Parser.ParseFrom(Bytes(request)).RawInputContents[0].Span;
        Assert.Equal(300u, BinaryPrimitives.ReadUInt32LittleEndian(raw));
        Assert.Equal(304, raw.Length);
    }

    private static InferRequest New(int maxBatchSize) =>
        new(new TritonModel("m", Configs.Parse(Configs.Generic, maxBatchSize)), "id-7");

    private static byte[] Bytes(InferRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>();
        request.WriteTo(buffer);
        Assert.Equal(request.Length, buffer.WrittenCount);
        return buffer.WrittenSpan.ToArray();
    }
}
