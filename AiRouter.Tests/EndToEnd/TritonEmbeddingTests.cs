using System.Buffers.Binary;
using System.Text.Json;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

public sealed class TritonEmbeddingTests
{
    private const string Path = "embeddings";

    [Theory]
    [InlineData("embeddings-float.json", "")]
    [InlineData("embeddings-float.json", ",\"encoding_format\":\"float\",\"user\":\"u\",\"dimensions\":null")]
    [InlineData("embeddings-base64.json", ",\"encoding_format\":\"base64\"")]
    public async Task Answer_has_the_golden_bytes(string golden, string members)
    {
        await using var router = await StartAsync(options: new SimulatorOptions { EmbeddingDimensions = 5 });
        var response = await router.RawAsync(Path, $$"""{"model":"embed","input":["one","zwei"]{{members}}}""");

        Assert.Equal(200, response.Status);
        Assert.Equal("application/json", response.Header("Content-Type"));
        Assert.Equal("estimated", response.Header("x-airouter-usage"));
        Golden.Equal(golden, response.Body);
    }

    [Fact]
    public async Task Base64_and_numbers_are_the_same_floats_bit_by_bit()
    {
        await using var router = await StartAsync();
        var numbers = await router.JsonAsync(Path, """{"model":"embed","input":"one"}""");
        var base64 = await router.JsonAsync(Path, """{"model":"embed","input":"one","encoding_format":"base64"}""");
        var bytes = base64.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();

        var expected = numbers.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(n => n.GetSingle()).ToList();
        var actual = Enumerable.Range(0, bytes.Length / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * 4)));
        Assert.Equal(384, expected.Count);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task R18_batches_are_split_and_the_order_is_kept()
    {
        await using var router = await StartAsync(options: new SimulatorOptions { EmbeddingDimensions = 4, EmbeddingBatchSize = 7 });
        var inputs = Enumerable.Range(0, 40).Select(i => $"text {i}").ToList();
        var all = await router.JsonAsync(Path, $$"""{"model":"embed","input":{{JsonSerializer.Serialize(inputs)}}}""");
        var alone = await router.JsonAsync(Path, """{"model":"embed","input":"text 33"}""");

        Assert.Equal(
            Enumerable.Range(0, 40), all.GetProperty("data").EnumerateArray().Select(d => d.GetProperty("index").GetInt32()));
        Assert.Equal(
            alone.GetProperty("data")[0].GetProperty("embedding").GetRawText(),
            all.GetProperty("data")[33].GetProperty("embedding").GetRawText());
        Assert.True(router.Sent.Count >= 7);
    }

    [Theory]
    [InlineData("\"\"", "input")]
    [InlineData("[]", "input")]
    [InlineData("null", "input")]
    [InlineData("5", "input")]
    [InlineData("[\"a\",\"\"]", "input[1]")]
    [InlineData("[\"a\",5]", "input[1]")]
    [InlineData("[[],[1]]", "input[0]")]
    [InlineData("[1,-1]", "input[1]")]
    public async Task Wrong_input_is_400_with_its_path(string input, string param)
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, $$"""{"model":"embed","input":{{input}}}""");

        Assert.Equal((400, param), (error.Status, error.Param));
    }

    [Theory]
    [InlineData("\"encoding_format\":\"hex\"", "encoding_format")]
    [InlineData("\"encoding_format\":1", "encoding_format")]
    [InlineData("\"dimensions\":0", "dimensions")]
    [InlineData("\"dimensions\":\"x\"", "dimensions")]
    [InlineData("\"dimensions\":64", "dimensions")]
    [InlineData("\"truncate\":true", "truncate")]
    [InlineData("\"normalize\":true", "normalize")]
    public async Task R18_what_cannot_be_done_is_400_that_names_it(string members, string param)
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, $$"""{"model":"embed","input":"x",{{members}}}""");

        Assert.Equal((400, param), (error.Status, error.Param));
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("[[1,2],[3]]")]
    public async Task R18_token_arrays_are_400_that_tells_the_way_out(string input)
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, $$"""{"model":"embed","input":{{input}}}""");

        Assert.Equal((400, "input"), (error.Status, error.Param));
        Assert.Contains("check_embedding_ctx_length=False", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R18_too_many_inputs_are_400_and_an_over_long_one_is_context_length_exceeded()
    {
        await using var router = await StartAsync(options: new SimulatorOptions { MaxInputTokens = 3 });
        var many = await router.ErrorAsync(
            Path, $$"""{"model":"embed","input":[{{string.Join(',', Enumerable.Repeat("\"x\"", 2049))}}]}""");
        var tooLong = await router.ErrorAsync(Path, """{"model":"embed","input":"one two three four five"}""");

        Assert.Equal((400, "input"), (many.Status, many.Param));
        Assert.Equal((400, "context_length_exceeded"), (tooLong.Status, tooLong.Code));
    }

    [Fact]
    public async Task R22_embeddings_of_a_text_model_are_unsupported()
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, """{"model":"chat","input":"x"}""");

        Assert.Equal((400, "unsupported_operation"), (error.Status, error.Code));
    }
}
