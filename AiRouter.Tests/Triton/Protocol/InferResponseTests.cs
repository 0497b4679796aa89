using System.Buffers;
using System.Text;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using AiRouter.Triton.Contract;
using AiRouter.Triton.Models;
using AiRouter.Triton.Protocol;
using AiRouter.Triton.Text;
using FsCheck;
using FsCheck.Xunit;
using Google.Protobuf;

namespace AiRouter.Tests.Triton.Protocol;

public sealed class InferResponseTests
{
    [Fact]
    public void Raw_contents_are_read()
    {
        var response = Read(Responses.New().WithText("hé").WithInt32("num_output_tokens", 7, 1, 1).Build(isFinal: true));

        Assert.Equal("hé", Text(response));
        Assert.True(response.TryFind("num_output_tokens"u8, out var count) && count.TryReadSum(out var sum) && sum == 7);
        Assert.True(response is { IsFinal: true, HasFinalFlag: true, HasError: false, IsMalformed: false });
    }

    [Fact]
    public void Typed_contents_are_read()
    {
        var text = Output("text_output", "BYTES", 2);
        text.Contents.BytesContents.Add(ByteString.CopyFromUtf8("first"));
        text.Contents.BytesContents.Add(ByteString.CopyFromUtf8("second"));
        var counts = Output("counts", "INT32", 3);
        counts.Contents.IntContents.Add([1, 2, 300]);
        var wide = Output("wide", "UINT64", 1);
        wide.Contents.Uint64Contents.Add(12345678901);
        var floats = Output("floats", "FP32", 2);
        floats.Contents.Fp32Contents.Add([0.5f, -2f]);
        var doubles = Output("doubles", "FP64", 1);
        doubles.Contents.Fp64Contents.Add(0.25);
        var message = new ModelInferResponse();
        message.Outputs.Add([text, counts, wide, floats, doubles]);

        var response = Read(new ModelStreamInferResponse { InferResponse = message });

        Assert.Equal("first", Text(response));
        Assert.True(response.TryFind("counts"u8, out var tensor) && tensor.TryReadSum(out var sum) && sum == 303);
        Assert.Equal([0.5f, -2f], Floats(response, "floats"u8));
        Assert.Equal([0.25f], Floats(response, "doubles"u8));
        Assert.True(response.TryFind("wide"u8, out var big) && !big.TryReadSum(out _), "no counter is above 32 bits");
    }

    [Fact]
    public void Half_and_brain_floats_are_widened()
    {
        var response = Read(Responses.New()
            .With("half", "FP16", [2], [0x00, 0x3C, 0x00, 0xC0])
            .With("brain", "BF16", [2], [0x80, 0x3F, 0x00, 0xC0])
            .Build());

        Assert.Equal([1f, -2f], Floats(response, "half"u8));
        Assert.Equal([1f, -2f], Floats(response, "brain"u8));
    }

    [Fact]
    public void Scalar_shape_is_one_element_and_an_empty_tensor_is_empty_text()
    {
        var response = Read(Responses.New().WithInt32("num_input_tokens", 4).With("text_output", "BYTES", [0], []).Build());

        Assert.True(response.TryFind("num_input_tokens"u8, out var tensor) && tensor.TryReadSum(out var sum) && sum == 4);
        Assert.Equal(string.Empty, Text(response));
    }

    [Theory]
    [InlineData(new byte[] { 9, 0, 0, 0, 1 }, new long[] { 1 })]
    [InlineData(new byte[] { 255, 255, 255, 255 }, new long[] { 1 })]
    [InlineData(new byte[] { 1, 0, 0 }, new long[] { 1 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 7 }, new long[] { 1 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 1 }, new long[] { 2 })]
    [InlineData(new byte[] { }, new long[] { 1 })]
    public void Text_whose_lengths_do_not_add_up_is_refused(byte[] raw, long[] shape)
    {
        var response = Read(Responses.New().With("text_output", "BYTES", shape, raw).Build());

        Assert.True(response.TryFind("text_output"u8, out var tensor));
        Assert.False(tensor.TryReadText(out _));
    }

    [Fact]
    public void Numbers_whose_size_is_not_shape_times_element_are_refused()
    {
        var response = Read(Responses.New().With("n", "INT32", [2], [1, 0, 0, 0]).With("f", "FP32", [1], [0, 0, 0, 0, 0]).Build());

        Assert.True(response.TryFind("n"u8, out var numbers) && !numbers.TryReadSum(out _));
        Assert.True(response.TryFind("f"u8, out var floats) && !floats.TryReadFloats(new float[8]));
    }

    [Theory]
    [InlineData(new long[] { -1 })]
    [InlineData(new long[] { 1L << 40 })]
    [InlineData(new long[] { 1 << 20, 1 << 20, 1 << 20, 1 << 20 })]
    [InlineData(new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    public void Shapes_that_cannot_be_are_malformed(long[] shape) =>
        Assert.True(Read(Responses.New().With("n", "INT32", shape, []).Build()).IsMalformed);

    [Fact]
    public void Fewer_contents_than_outputs_are_malformed()
    {
        var message = Responses.New().WithText("a").WithText("b", "other").Build();
        message.InferResponse.RawOutputContents.RemoveAt(1);

        Assert.True(Read(message).IsMalformed);
    }

    [Theory]
    [InlineData(new byte[] { 0x12, 0x80 })]
    [InlineData(new byte[] { 0x12, 0x05, 0x00 })]
    [InlineData(new byte[] { 0x0B })]
    [InlineData(new byte[] { 0x00 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x12, 0x02, 0x2A, 0x7F })]
    public void Bytes_that_are_not_protobuf_are_malformed(byte[] message) => Assert.True(Read(message).IsMalformed);

    [Fact]
    public void Unknown_fields_and_parameters_are_skipped()
    {
        var message = Responses.Text("x");
        message.InferResponse.Parameters["sequence_id"] = new InferParameter { Int64Param = 9 };
        byte[] bytes = [.. message.ToByteArray(), 0x98, 0x06, 0x01, 0xA5, 0x06, 1, 2, 3, 4];

        Assert.Equal("x", Text(Read(bytes)));
    }

    [Property(MaxTest = 2000)]
    public void Random_bytes_never_throw(byte[] bytes) => ReadAll(Read(bytes));

    [Property(MaxTest = 5000)]
    public void Mutated_messages_never_throw(PositiveInt where, byte value, bool cut, PositiveInt what)
    {
        var bytes = Valid(what.Get).ToByteArray();
        var at = where.Get % bytes.Length;
        bytes[at] = value;
        ReadAll(Read(cut ? bytes[..at] : bytes));
    }

    [Property(MaxTest = 500)]
    public void Any_text_is_read_as_it_was_written(NonNull<string> text, bool isFinal)
    {
        var written = Encoding.UTF8.GetBytes(text.Get);
        var response = Read(Responses.New().WithBytes(written).Build(isFinal));

        Assert.True(response.TryFind("text_output"u8, out var tensor) && tensor.TryReadText(out var read)
            && read.SequenceEqual(written));
        Assert.Equal(isFinal, response.IsFinal);
    }

    [Fact]
    public void Decoding_allocates_nothing_per_token()
    {
        var token = Responses.New().WithText(" token").WithInt32("num_output_tokens", 1, 1, 1).Build().ToByteArray();
        var payload = new ReadOnlySequence<byte>(token);

        // Other tests use the pool at the same time; with enough in it they do not make this one allocate.
        var spares = Enumerable.Range(0, 64).Select(_ => ResponsePool.Rent()).ToList();
        spares.ForEach(ResponsePool.Return);
        DecodeOften(payload, 1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        DecodeOften(payload, 10_000);
        var perToken = (GC.GetAllocatedBytesForCurrentThread() - before) / 10_000.0;

        Assert.True(perToken < 1, $"{perToken} bytes per token");
    }

    [Fact]
    public void Reading_text_and_counters_allocates_nothing_per_token()
    {
        var response = Read(Responses.New().WithText(" token").WithInt32("num_output_tokens", 1, 1, 1).Build());
        var output = new GenerationOutput(TritonHarness.Request, new DeltaText(), null) { IsStreaming = true };

        Assert.Equal(0, Allocations.Of(() => AcceptOften(output, response, 10_000)));
    }

    [Fact]
    public void Vectors_of_128_KiB_are_read_into_memory_that_is_used_again()
    {
        var model = new TritonModel("m", Configs.Parse("i text STRING 1 REQ\no embedding FP32 1024 REQ", maxBatchSize: 32));
        var payload = new ReadOnlySequence<byte>(
            Responses.New().With("embedding", "FP32", [32, 1024], new byte[32 * 1024 * 4]).Build(isFinal: true).ToByteArray());
        var adapter = new EmbeddingAdapter();

        Assert.InRange(Allocations.Of(ReadOnce), 0, 1024);

        void ReadOnce()
        {
            var response = ResponsePool.Rent();
            response.Read(payload);
            using var vectors = adapter.Read(model, response, 32);
            Assert.Equal(1024, vectors!.Length);
            ResponsePool.Return(response);
        }
    }

    private static void AcceptOften(GenerationOutput output, InferResponse response, int times)
    {
        for (var i = 0; i < times; i++)
        {
            output.BeginRead();
            if (output.Accept(response) is not null || output.Text.Length != 6)
            {
                throw new InvalidOperationException("The response was not read.");
            }
        }
    }

    private static void DecodeOften(in ReadOnlySequence<byte> payload, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var response = ResponsePool.Rent();
            response.Read(payload);
            if (!response.TryFind("text_output"u8, out var tensor) || !tensor.TryReadText(out var text) || text.Length != 6)
            {
                throw new InvalidOperationException("The message was not decoded.");
            }

            ResponsePool.Return(response);
        }
    }

    private static ModelStreamInferResponse Valid(int what)
    {
        var typed = Output("typed", "INT32", 2);
        typed.Contents.IntContents.Add([what, -1]);
        var message = new ModelInferResponse();
        message.Outputs.Add(typed);
        return (what % 3) switch
        {
            0 => Responses.New().WithText("text").WithInt32("num_output_tokens", what, 1, 1).Build(isFinal: true),
            1 => new ModelStreamInferResponse { InferResponse = message },
            _ => Responses.Error("Exceeds maximum queue size"),
        };
    }

    private static void ReadAll(InferResponse response)
    {
        if (response.IsMalformed)
        {
            return;
        }

        _ = response.Error.Length;
        foreach (var name in new[] { "text_output", "num_output_tokens", "typed" })
        {
            if (response.TryFind(Encoding.UTF8.GetBytes(name), out var tensor))
            {
                tensor.TryReadText(out _);
                tensor.TryReadSum(out _);
                tensor.TryReadFloats(new float[4]);
            }
        }
    }

    private static ModelInferResponse.Types.InferOutputTensor Output(string name, string type, long count) => new()
    {
        Name = name,
        Datatype = type,
        Shape = { count },
        Contents = new InferTensorContents(),
    };

    private static InferResponse Read(IMessage message) => Read(message.ToByteArray());

    private static InferResponse Read(byte[] bytes)
    {
        var response = new InferResponse();
        response.Read(new ReadOnlySequence<byte>(bytes));
        return response;
    }

    private static string? Text(InferResponse response) =>
        response.TryFind("text_output"u8, out var tensor) && tensor.TryReadText(out var text)
            ? Encoding.UTF8.GetString(text)
            : null;

    private static float[] Floats(InferResponse response, ReadOnlySpan<byte> name)
    {
        Assert.True(response.TryFind(name, out var tensor));
        var values = new float[tensor.Elements];
        Assert.True(tensor.TryReadFloats(values));
        return values;
    }
}
