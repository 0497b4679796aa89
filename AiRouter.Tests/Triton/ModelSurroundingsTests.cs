using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using AiRouter.Triton.Contract;
using AiRouter.Triton.Models;

namespace AiRouter.Tests.Triton;

/// <summary>What is read around a model: its preprocessing and engine (R15), and the server's version.</summary>
public sealed class ModelSurroundingsTests
{
    private const string Preprocessing = """
        i QUERY STRING 1 REQ
        i REQUEST_OUTPUT_LEN INT32 1 REQ
        i BAD_WORDS_DICT STRING -1 opt
        o INPUT_ID INT32 -1 REQ
        o REQUEST_INPUT_LEN INT32 1 REQ
        """;

    [Theory]
    [InlineData(null, true)]
    [InlineData("${add_special_tokens}", true)]
    [InlineData("nonsense", true)]
    [InlineData("True", true)]
    [InlineData("1", true)]
    [InlineData("False", false)]
    [InlineData("no", false)]
    [InlineData("0", false)]
    [InlineData("F", false)]
    public async Task R15_Ensemble_adds_special_tokens_unless_its_preprocessing_says_no(string? parameter, bool expected)
    {
        await using var triton = await StartAsync(Ensemble("tokenize"), ("tokenize", WithParameter(parameter)));

        Assert.Equal(expected, (await ModelAsync(triton)).AddsSpecialTokens);
    }

    [Theory]
    [InlineData("accumulate_tokens")]
    [InlineData("tensorrt_llm_model_name")]
    public async Task R15_Bls_model_has_the_preprocessing_of_its_code(string parameter)
    {
        var bls = Configs.Parse(Configs.Ensemble);
        bls.Parameters[parameter] = new ModelParameter { StringValue = "" };
        await using var triton = await StartAsync(bls, ("preprocessing", WithParameter("false")));

        var model = await ModelAsync(triton);

        Assert.Equal((false, true), (model.AddsSpecialTokens, model.CanCountInputTokens));
    }

    [Fact]
    public async Task R15_Model_that_is_no_bls_has_nothing_to_do_with_a_preprocessing_beside_it()
    {
        await using var triton = await StartAsync(
            Configs.Parse(Configs.Ensemble), ("preprocessing", WithParameter("false")));

        var model = await ModelAsync(triton);

        Assert.Equal((true, false), (model.AddsSpecialTokens, model.CanCountInputTokens));
    }

    [Fact]
    public async Task R15_Vllm_llm_api_and_unknown_models_add_special_tokens()
    {
        foreach (var config in (ModelConfig[])
            [Configs.VllmModel, Configs.Parse(Configs.LlmApi, maxBatchSize: 0), Configs.Parse(Configs.Generic)])
        {
            await using var triton = await TritonHarness.StartAsync(config);

            Assert.True((await ModelAsync(triton)).AddsSpecialTokens);
        }
    }

    [Fact]
    public async Task Parts_are_read_once()
    {
        await using var triton = await StartAsync(Ensemble("tokenize"), ("tokenize", WithParameter("false")));

        _ = await ModelAsync(triton);
        var reads = triton.Server.ConfigReads;
        _ = await ModelAsync(triton);

        Assert.Equal((3, 3), (reads, triton.Server.ConfigReads));
    }

    [Fact]
    public async Task Part_that_is_not_there_is_not_asked_for_again()
    {
        await using var triton = await StartAsync(Ensemble("nowhere"));

        var model = await ModelAsync(triton);
        var reads = triton.Server.ConfigReads;
        _ = await ModelAsync(triton);

        Assert.Equal((true, false), (model.AddsSpecialTokens, model.CanCountInputTokens));
        Assert.Equal(reads, triton.Server.ConfigReads);
    }

    [Fact]
    public async Task Part_that_hangs_holds_nobody_up_and_is_read_the_next_time()
    {
        await using var triton = await StartAsync(
            Ensemble("tokenize"),
            options => options with { CountTimeout = TimeSpan.FromMilliseconds(200) },
            ("tokenize", WithParameter("false")));
        var never = new TaskCompletionSource();
        triton.Server.OnModelConfig = name => name == "tokenize" ? never.Task : Task.CompletedTask;
        triton.Answer(Responses.Text("fine", isFinal: true));

        var without = await ModelAsync(triton);
        var answer = await triton.RunAsync();
        triton.Server.OnModelConfig = _ => Task.CompletedTask;
        var with = await ModelAsync(triton);
        never.SetResult();

        Assert.Equal((true, "fine", false), (without.AddsSpecialTokens, answer.Text, with.AddsSpecialTokens));
    }

    [Theory]
    [InlineData("2.52.0", null)]
    [InlineData("2.53.0", null)]
    [InlineData("2.54.0dev", "guided_decoding")]
    [InlineData("2.62.0", "guided_decoding")]
    [InlineData("2.63.0", "structured_outputs")]
    [InlineData("3.0", "structured_outputs")]
    [InlineData("who knows", "guided_decoding")]
    [InlineData(null, "guided_decoding")]
    public async Task Vllm_release_follows_from_the_server_version(string? version, string? expected)
    {
        await using var triton = await TritonHarness.StartAsync(Configs.VllmModel);
        triton.Server.Version = version;

        var model = await ModelAsync(triton);

        Assert.Equal(expected, VllmGuides.MemberFor(model));
        Assert.Equal(expected is not null, model.Supports(GenerationParameter.Guide));
    }

    [Fact]
    public async Task Vllm_release_follows_from_its_inputs_before_the_server_version()
    {
        var config = Configs.Parse(
            Configs.Vllm + "\ni embedding_request STRING 1 opt", maxBatchSize: 0, backend: "vllm");
        await using var triton = await TritonHarness.StartAsync(config);
        triton.Server.Version = "2.59.0";

        Assert.Equal("structured_outputs", VllmGuides.MemberFor(await ModelAsync(triton)));
    }

    private static ModelConfig Ensemble(string preprocessing)
    {
        var config = Configs.Parse(Configs.Ensemble, platform: "ensemble");
        config.EnsembleScheduling = new ModelEnsembling
        {
            Step =
            {
                new ModelEnsembling.Types.Step { ModelName = preprocessing, InputMap = { ["QUERY"] = "text_input" } },
                new ModelEnsembling.Types.Step { ModelName = "engine", InputMap = { ["input_ids"] = "_INPUT_ID" } },
            },
        };
        return config;
    }

    private static ModelConfig WithParameter(string? addSpecialTokens)
    {
        var config = Configs.Parse(Preprocessing);
        if (addSpecialTokens is not null)
        {
            config.Parameters["add_special_tokens"] = new ModelParameter { StringValue = addSpecialTokens };
        }

        return config;
    }

    private static Task<TritonHarness> StartAsync(ModelConfig model, params (string Name, ModelConfig Config)[] others) =>
        StartAsync(model, null, others);

    private static async Task<TritonHarness> StartAsync(
        ModelConfig model,
        Func<TritonClientOptions, TritonClientOptions>? configure,
        params (string Name, ModelConfig Config)[] others)
    {
        var triton = await TritonHarness.StartAsync(model, configure);
        foreach (var (name, config) in others)
        {
            triton.Server.Models[name] = config;
        }

        return triton;
    }

    private static ValueTask<TritonModel> ModelAsync(TritonHarness triton) =>
        triton.Client.GetModelAsync("m", TestContext.Current.CancellationToken);
}
