using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using AiRouter.Triton.Contract;

namespace AiRouter.Tests.Triton;

/// <summary>Counting a prompt's tokens through <c>preprocessing</c>.</summary>
public sealed class InputCountTests
{
    private const string Preprocessing = """
        i QUERY STRING 1 REQ
        i REQUEST_OUTPUT_LEN INT32 1 REQ
        i STOP_WORDS_DICT STRING -1 opt
        o INPUT_ID INT32 -1 REQ
        o REQUEST_INPUT_LEN INT32 1 REQ
        """;

    private const string FirstRelease = """
        i QUERY STRING -1 REQ
        i BAD_WORDS_DICT STRING -1 REQ
        i STOP_WORDS_DICT STRING -1 REQ
        i REQUEST_OUTPUT_LEN UINT32 -1 REQ
        o INPUT_ID INT32 -1 REQ
        o REQUEST_INPUT_LEN INT32 1 REQ
        """;

    [Theory]
    [InlineData(Preprocessing, "QUERY,REQUEST_OUTPUT_LEN", "INT32")]
    [InlineData(FirstRelease, "QUERY,REQUEST_OUTPUT_LEN,BAD_WORDS_DICT,STOP_WORDS_DICT", "UINT32")]
    public async Task Preprocessing_is_asked_with_what_its_release_takes(string config, string inputs, string type)
    {
        await using var triton = await StartAsync(config);
        triton.Answer(Responses.New()
            .With("INPUT_ID", "INT32", [1, 3], new byte[12]).WithInt32("REQUEST_INPUT_LEN", 3, 1, 1).Build(isFinal: true));

        var count = await CountAsync(triton);

        var sent = SentRequest.Single(triton);
        Assert.Equal(3, count);
        Assert.Equal("preprocessing", Assert.Single(triton.Server.Requests).ModelName);
        Assert.Equal(inputs.Split(','), sent.Names);
        Assert.Equal(("How many?", type), (sent["QUERY"], sent.Type("REQUEST_OUTPUT_LEN")));
        Assert.Equal([1, 1], sent.Shape("QUERY"));
        Assert.Equal("req-9", triton.Server.Headers.Single()["x-request-id"]);
    }

    [Fact]
    public async Task Model_without_preprocessing_counts_nothing_and_asks_nobody()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.VllmModel);

        Assert.Null(await CountAsync(triton));
        Assert.Empty(triton.Server.Requests);
    }

    [Fact]
    public async Task Preprocessing_that_wants_more_than_is_known_counts_nothing()
    {
        await using var triton = await StartAsync(Preprocessing + "\ni EMBEDDING_BIAS_WEIGHTS FP32 -1 REQ");

        Assert.Null(await CountAsync(triton));
        Assert.Empty(triton.Server.Requests);
    }

    [Theory]
    [InlineData("error")]
    [InlineData("nothing")]
    [InlineData("malformed")]
    [InlineData("other type")]
    [InlineData("reset")]
    public async Task Failure_is_no_count(string how)
    {
        await using var triton = await StartAsync(Preprocessing);
        triton.Server.OnInfer = (_, stream) => how switch
        {
            "error" => stream.WriteAsync(Responses.Error("tokenizer not found")),
            "nothing" => stream.WriteAsync(Responses.Final()),
            "malformed" => stream.WriteRawAsync([0xFF, 0xFF, 0xFF]),
            "other type" => stream.WriteAsync(
                Responses.New().WithText("3", "REQUEST_INPUT_LEN").Build(isFinal: true)),
            _ => Task.Run(() => stream.Reset(8)),
        };

        Assert.Null(await CountAsync(triton));
    }

    [Fact]
    public async Task Preprocessing_that_hangs_is_not_waited_for_and_sees_the_end()
    {
        await using var triton = await StartAsync(
            Preprocessing, options => options with { CountTimeout = TimeSpan.FromMilliseconds(200) });
        var cancelled = new TaskCompletionSource();
        triton.Server.OnInfer = async (_, stream) =>
        {
            await stream.WaitForCancelAsync();
            cancelled.SetResult();
        };

        Assert.Null(await CountAsync(triton).WaitAsync(
            TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Caller_that_cancels_gets_a_cancellation()
    {
        await using var triton = await StartAsync(Preprocessing);
        triton.Server.OnInfer = (_, stream) => stream.WaitForCancelAsync();
        var model = await triton.Client.GetModelAsync("m", TestContext.Current.CancellationToken);
        using var cancel = new CancellationTokenSource();

        var counting = triton.Client.CountInputTokensAsync(model, "x"u8.ToArray(), null, cancel.Token).AsTask();
        await Eventually.HoldsAsync(() => !triton.Server.Requests.IsEmpty);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => counting);
    }

    private static async Task<TritonHarness> StartAsync(
        string preprocessing, Func<TritonClientOptions, TritonClientOptions>? configure = null)
    {
        var bls = Configs.Parse(Configs.Ensemble);
        bls.Parameters["accumulate_tokens"] = new ModelParameter { StringValue = "true" };
        var triton = await TritonHarness.StartAsync(bls, configure);
        triton.Server.Models["preprocessing"] = Configs.Parse(preprocessing, isDecoupled: false);
        return triton;
    }

    private static async Task<int?> CountAsync(TritonHarness triton)
    {
        var token = TestContext.Current.CancellationToken;
        var model = await triton.Client.GetModelAsync("m", token);
        return await triton.Client.CountInputTokensAsync(model, "How many?"u8.ToArray(), "req-9", token);
    }
}
