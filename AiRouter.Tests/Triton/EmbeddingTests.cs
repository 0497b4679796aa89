using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.Json;
using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using AiRouter.Triton.Contract;
using AiRouter.Triton.Models;

namespace AiRouter.Tests.Triton;

public sealed class EmbeddingTests
{
    private const string Bge = """
        i text STRING 1 REQ
        o embedding FP32 3 REQ
        """;

    private const string Tokens = """
        i input_ids INT64 -1 REQ
        i attention_mask INT64 -1 REQ
        i token_type_ids INT64 -1 opt
        o sentence_embedding FP16 2 REQ
        """;

    private const string VllmEmbedding = Configs.Vllm + "\ni embedding_request STRING 1 opt";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Texts_are_split_by_batch_size_and_come_back_in_order()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Bge, maxBatchSize: 4));
        triton.Server.OnInfer = AnswerWithLengthsAsync;
        var result = await EmbedAsync(triton, Texts(30));

        Assert.Null(result.Failure);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (float)i), result.Vectors.Select(vector => vector.Span[0]));
        Assert.All(result.Vectors, vector => Assert.Equal(3, vector.Length));
        Assert.Equal(8, triton.Server.Requests.Count);
        Assert.All(triton.Server.Requests, request => Assert.True(request.Inputs[0].Shape[0] <= 4));
        Assert.Null(result.InputTokens);
    }

    [Fact]
    public async Task Batches_run_a_few_at_a_time()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Bge, maxBatchSize: 0));
        var (running, most) = (0, 0);
        var seen = new ConcurrentQueue<int>();
        triton.Server.OnInfer = async (request, stream) =>
        {
            seen.Enqueue(Interlocked.Increment(ref running));
            await AnswerWithLengthsAsync(request, stream);
            Interlocked.Decrement(ref running);
        };

        var result = await EmbedAsync(triton, Texts(20));

        most = seen.Max();
        Assert.Null(result.Failure);
        Assert.InRange(most, 1, 4);
        Assert.All(triton.Server.Requests, request => Assert.Equal([1L], request.Inputs[0].Shape));
    }

    [Fact]
    public async Task Token_arrays_go_where_the_model_takes_them_grouped_by_length()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Tokens, maxBatchSize: 8));
        triton.Server.OnInfer = (request, stream) =>
        {
            var count = request.Inputs[0].Shape[0];
            var vectors = Responses.New().With("sentence_embedding", "FP16", [count, 2], Halves((int)count * 2));
            return stream.WriteAsync(vectors.Build(isFinal: true));
        };

        var result = await EmbedAsync(
            triton,
            EmbeddingInput.FromTokens([1, 2, 3]),
            EmbeddingInput.FromTokens([4, 5, 6]),
            EmbeddingInput.FromTokens([7]));

        Assert.Null(result.Failure);
        Assert.Equal(3, result.Vectors.Count);
        Assert.Equal(7, result.InputTokens);
        var pair = triton.Server.Requests.Single(request => request.Inputs[0].Shape[0] == 2);
        Assert.Equal(["input_ids", "attention_mask", "token_type_ids"], pair.Inputs.Select(input => input.Name));
        Assert.All(pair.Inputs, input => Assert.Equal([2L, 3L], input.Shape));
        Assert.Equal(6, BinaryPrimitives.ReadInt64LittleEndian(pair.RawInputContents[0].Span[40..]));
        Assert.Equal(1, BinaryPrimitives.ReadInt64LittleEndian(pair.RawInputContents[1].Span[40..]));
    }

    [Fact]
    public async Task Vllm_embeds_texts_and_tokens_one_at_a_time_with_dimensions()
    {
        await using var triton = await TritonHarness.StartAsync(
            Configs.Parse(VllmEmbedding, maxBatchSize: 0, backend: "vllm"));
        triton.Answer(Responses.New()
            .WithText("[3.0, 4.0]")
            .With("num_input_tokens", "UINT32", [], [5, 0, 0, 0])
            .Build(isFinal: true));

        var result = await EmbedAsync(
            triton,
            new EmbeddingRequest
            {
                Inputs = [EmbeddingInput.FromText("a \"b\""u8.ToArray()), EmbeddingInput.FromTokens([1, 2])],
                Dimensions = 2,
                RequestId = "r",
            });

        Assert.Null(result.Failure);
        Assert.Equal(10, result.InputTokens);
        Assert.All(result.Vectors, vector => Assert.Equal([0.6f, 0.8f], vector.ToArray()));
        var sent = triton.Server.Requests
            .Select(request => JsonDocument.Parse((string)new SentRequest(request)["embedding_request"]!).RootElement)
            .OrderBy(request => request.GetProperty("input").ValueKind)
            .ToArray();
        Assert.Equal("[1,2]", sent[0].GetProperty("input").GetRawText());
        Assert.Equal("a \"b\"", sent[1].GetProperty("input").GetString());
        Assert.Equal("[2]", sent[1].GetProperty("pooling_params").GetProperty("dimensions").GetRawText());
    }

    [Theory]
    [InlineData("FP32", new byte[] { 0, 0, 128, 63, 0, 0, 0, 192 })]
    [InlineData("FP16", new byte[] { 0, 60, 0, 192 })]
    [InlineData("BF16", new byte[] { 128, 63, 0, 192 })]
    public async Task Vectors_of_any_float_type_are_read(string type, byte[] raw)
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Bge, maxBatchSize: 0));
        triton.Answer(Responses.New().With("embedding", type, [2], raw).Build(isFinal: true));

        var result = await EmbedAsync(triton, EmbeddingInput.FromText("x"u8.ToArray()));

        Assert.Equal([1f, -2f], result.Vectors.Single().ToArray());
    }

    [Theory]
    [InlineData(new long[] { 1, 3 }, 3)]
    [InlineData(new long[] { 3, 3 }, 9)]
    [InlineData(new long[] { 2, 2, 3 }, 12)]
    [InlineData(new long[] { 0 }, 0)]
    [InlineData(new long[] { 2, 3 }, 5)]
    public async Task Answer_without_one_vector_for_each_input_is_a_failure(long[] shape, int floats)
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Bge, maxBatchSize: 8));
        triton.Answer(Responses.New().With("embedding", "FP32", shape, new byte[floats * 4]).Build(isFinal: true));

        var result = await EmbedAsync(triton, Texts(2));

        Assert.Equal(TritonFailureKind.Malformed, result.Failure?.Kind);
        Assert.Empty(result.Vectors);
    }

    [Fact]
    public async Task What_the_model_does_not_take_is_refused_before_anything_is_sent()
    {
        await using var texts = await TritonHarness.StartAsync(Configs.Parse(Bge));
        await using var tokens = await TritonHarness.StartAsync(Configs.Parse(Tokens));
        await using var chat = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        var request = new EmbeddingRequest { Inputs = Texts(1), RequestId = "r", Dimensions = 2 };

        var results = new[]
        {
            await EmbedAsync(texts, EmbeddingInput.FromTokens([1])),
            await EmbedAsync(texts, request),
            await EmbedAsync(tokens, request with { Dimensions = null }),
            await EmbedAsync(chat, request),
        };

        Assert.All(results, result => Assert.Equal(TritonFailureKind.Unsupported, result.Failure?.Kind));
        Assert.Empty(texts.Server.Requests);
        var model = await texts.Client.GetModelAsync("m", Token);
        Assert.True(model is { CanEmbed: true, EmbedsTexts: true, EmbedsTokens: false });
        Assert.True(model is { TakesDimensions: false, CanGenerate: false });
    }

    [Fact]
    public async Task Error_of_one_batch_fails_the_whole()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Bge, maxBatchSize: 1));
        triton.Server.OnInfer = (request, stream) => request.RawInputContents[0].Length == 4 + 5
            ? stream.WriteAsync(Responses.Error("Exceeds maximum queue size"))
            : AnswerWithLengthsAsync(request, stream);

        var result = await EmbedAsync(triton, Texts(12));

        Assert.Equal(TritonFailureKind.Overloaded, result.Failure?.Kind);
    }

    [Fact]
    public async Task Changed_contract_is_read_again()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Bge, maxBatchSize: 8));
        var model = await triton.Client.GetModelAsync("m", Token);
        triton.Server.Models["m"] = Configs.Parse(Bge, maxBatchSize: 0);
        triton.Server.OnInfer = (request, stream) => request.Inputs[0].Shape.Count == 2
            ? stream.WriteAsync(Responses.Error("unexpected shape for input 'text' for model 'm'. Expected [1]"))
            : AnswerWithLengthsAsync(request, stream);

        var result = await triton.Client.EmbedAsync(
            model, new EmbeddingRequest { Inputs = [Texts(4)[3]], RequestId = "r" }, Token);

        Assert.Null(result.Failure);
        Assert.Equal(3f, result.Vectors.Single().Span[0]);
    }

    [Fact]
    public async Task Families_are_told_apart()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Bge));
        triton.Server.Models["ensemble"] = Configs.Parse(Configs.Ensemble, platform: "ensemble");
        triton.Server.Models["llm"] = Configs.Parse(Configs.LlmApi);
        triton.Server.Models["vllm"] = Configs.Parse(Configs.Vllm, backend: "vllm");
        triton.Server.Models["text"] = Configs.Parse(Configs.Generic);
        triton.Server.Models["preprocessing"] = Configs.Parse("i QUERY STRING 1 REQ\no INPUT_ID INT32 -1 REQ");
        triton.Server.Models["postprocessing"] = Configs.Parse(
            "i TOKENS_BATCH INT32 -1,-1 REQ\no OUTPUT STRING -1 REQ");
        triton.Server.Models["tensorrt_llm"] = Configs.Parse(
            "i input_ids INT32 -1 REQ\ni request_output_len INT32 1 REQ\no output_ids INT32 -1,-1 REQ");
        triton.Server.Models["image"] = Configs.Parse("i IMAGE FP32 3,224,224 REQ\no CLASS INT32 1 REQ");

        var models = await triton.Client.ListModelsAsync(Token);

        Assert.Equal(
            [
                new RepositoryModel("ensemble", true, ModelKind.TensorRtLlm),
                new RepositoryModel("image", true, ModelKind.Unknown),
                new RepositoryModel("llm", true, ModelKind.LlmApi),
                new RepositoryModel("m", true, ModelKind.Embeddings),
                new RepositoryModel("postprocessing", true, ModelKind.Helper),
                new RepositoryModel("preprocessing", true, ModelKind.Helper),
                new RepositoryModel("tensorrt_llm", true, ModelKind.RawEngine),
                new RepositoryModel("text", true, ModelKind.GenericText),
                new RepositoryModel("vllm", true, ModelKind.Vllm),
            ],
            models);
        var servable = models.Where(model => model.IsServable).Select(model => model.Name);
        Assert.Equal(["ensemble", "llm", "m", "text", "vllm"], servable);
    }

    [Fact]
    public async Task Configuration_is_read_once_however_many_ask()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Bge));
        var release = new TaskCompletionSource();
        triton.Server.OnModelConfig = _ => release.Task;

        var asking = Enumerable.Range(0, 20).Select(_ => triton.Client.GetModelAsync("m", Token).AsTask()).ToArray();
        release.SetResult();
        var models = await Task.WhenAll(asking);

        Assert.Single(models.Distinct());
        Assert.Equal(1, triton.Server.ConfigReads);
        triton.Client.Forget("m");
        Assert.NotSame(models[0], await triton.Client.GetModelAsync("m", Token));
    }

    [Fact]
    public async Task Model_that_is_not_there_is_asked_for_again_the_next_time()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Bge));

        var failed = await Assert.ThrowsAsync<TritonException>(
            async () => await triton.Client.GetModelAsync("late", Token));
        triton.Server.Models["late"] = Configs.Parse(Bge);

        Assert.Equal(TritonFailureKind.ModelNotFound, failed.Failure.Kind);
        Assert.Equal("late", (await triton.Client.GetModelAsync("late", Token)).Name);
    }

    [Fact]
    public async Task Failure_that_nobody_waited_for_is_not_told_to_the_next_who_asks()
    {
        var first = new TaskCompletionSource<TritonModel>(TaskCreationOptions.RunContinuationsAsynchronously);
        var model = new TritonModel("m", Configs.Parse(Bge));
        var reads = 0;
        var contracts = new ModelContracts(_ => reads++ == 0 ? first.Task : Task.FromResult(model));
        using var client = new CancellationTokenSource();
        var asking = contracts.GetAsync("m", client.Token).AsTask();
        var reading = contracts.GetAsync("m", Token).AsTask();
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        first.SetException(new TritonException(new TritonFailure(TritonFailureKind.Unreachable, "dead")));

        // The read has ended; nobody but the first two asked meanwhile.
        await Assert.ThrowsAsync<TritonException>(() => reading);
        Assert.Same(model, await contracts.GetAsync("m", Token));
    }

    private static Task<EmbeddingResult> EmbedAsync(TritonHarness triton, params EmbeddingInput[] inputs) =>
        EmbedAsync(triton, new EmbeddingRequest { Inputs = inputs, RequestId = "r" });

    private static async Task<EmbeddingResult> EmbedAsync(TritonHarness triton, EmbeddingRequest request) =>
        await triton.Client.EmbedAsync(await triton.Client.GetModelAsync("m", Token), request, Token);

    /// <summary>For each text the vector [length of the text, 0, 0].</summary>
    private static Task AnswerWithLengthsAsync(ModelInferRequest request, ScriptedStream stream)
    {
        var raw = new List<byte>();
        var texts = request.RawInputContents[0].Span;
        var count = 0;
        while (!texts.IsEmpty)
        {
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(texts);
            raw.AddRange([.. BitConverter.GetBytes((float)length), .. new byte[8]]);
            texts = texts[(4 + length)..];
            count++;
        }

        return stream.WriteAsync(Responses.New().With("embedding", "FP32", [count, 3], [.. raw]).Build(isFinal: true));
    }

    /// <summary>Texts of 0, 1, 2, … bytes.</summary>
    private static EmbeddingInput[] Texts(int count) =>
        [.. Enumerable.Range(0, count).Select(length => EmbeddingInput.FromText(new byte[length]))];

    private static byte[] Halves(int count) =>
        [.. Enumerable.Repeat(BitConverter.GetBytes((Half)1), count).SelectMany(half => half)];
}
