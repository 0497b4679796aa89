using System.Text;
using System.Text.Json;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using AiRouter.Triton.Contract;
using ModelConfig = AiRouter.Triton.Contract.ModelConfig;

namespace AiRouter.Tests.Triton;

/// <summary>The repairs of what models do, by the number of the quirk in the reference (<c>triton.md</c> §3).</summary>
public sealed class QuirkTests
{
    private static readonly ModelConfig Ensemble = Configs.Parse(Configs.Ensemble, platform: "ensemble");

    [Fact]
    public async Task Quirk01_Spaces_come_as_the_model_sends_them_and_whole_from_accumulated_text()
    {
        var bls = Configs.Parse(Configs.Ensemble);
        bls.Parameters["accumulate_tokens"] = new ModelParameter { StringValue = "True" };

        Assert.Equal("two words", await TextAsync(bls, "two", "two words"));
        Assert.Equal("twowords", await TextAsync(Ensemble, "two", "words"));
    }

    [Theory]
    [InlineData(null, StreamText.Auto, "hahaha")]
    [InlineData("${accumulate_tokens}", StreamText.Auto, "hahaha")]
    [InlineData("false", StreamText.Auto, "hahaha")]
    [InlineData("true", StreamText.Auto, "ha")]
    [InlineData("1", StreamText.Auto, "ha")]
    [InlineData("Yes", StreamText.Auto, "ha")]
    [InlineData("true", StreamText.Delta, "hahaha")]
    [InlineData(null, StreamText.Cumulative, "ha")]
    public async Task Quirk02_Text_form_comes_from_the_request_then_the_model(
        string? parameter, StreamText mode, string expected)
    {
        var bls = Configs.Parse(Configs.Ensemble);
        if (parameter is not null)
        {
            bls.Parameters["accumulate_tokens"] = new ModelParameter { StringValue = parameter };
        }

        await using var triton = await TritonHarness.StartAsync(bls);
        triton.Answer(Responses.Text("ha"), Responses.Text("ha"), Responses.Text("ha", isFinal: true));

        Assert.Equal(expected, (await triton.RunAsync(TritonHarness.Request with { TextMode = mode })).Text);
    }

    [Fact]
    public async Task Quirk02_Llm_api_text_is_detected() =>
        Assert.Equal("The cat sat", await TextAsync(
            Configs.Parse(Configs.LlmApi, maxBatchSize: 0), "The", "The cat", "The cat sat"));

    [Fact]
    public async Task Quirk03_Character_split_between_responses_comes_whole()
    {
        var smile = Encoding.UTF8.GetBytes("😀");
        await using var triton = await TritonHarness.StartAsync(Ensemble);
        triton.Answer(
            Responses.New().WithBytes(smile[..1]).Build(),
            Responses.New().WithBytes(smile[1..3]).Build(),
            Responses.New().WithBytes([smile[3], (byte)'!']).Build(isFinal: true));

        Assert.Equal(["", "", "😀!"], (await triton.RunAsync()).Pieces);
    }

    [Fact]
    public async Task Quirk03_Accumulated_replacement_character_is_held_back_until_the_end()
    {
        var bls = Configs.Parse(Configs.Ensemble);
        bls.Parameters["accumulate_tokens"] = new ModelParameter { StringValue = "true" };
        await using var triton = await TritonHarness.StartAsync(bls);
        triton.Answer(Responses.Text("a\uFFFD"), Responses.Text("aé\uFFFD"), Responses.Final());

        Assert.Equal(["a", "é", "\uFFFD"], (await triton.RunAsync()).Pieces);
    }

    [Fact]
    public async Task Quirk04_Prompt_is_excluded_where_the_model_can_and_taken_off_where_it_cannot()
    {
        await using var modern = await TritonHarness.StartAsync(Ensemble);
        modern.Answer(Responses.Text("Say it: hello", isFinal: true));
        const string exclude = "i exclude_input_in_output BOOL 1 opt\n";
        var old = Configs.Parse(Configs.Ensemble.Replace(exclude, "", StringComparison.Ordinal));
        await using var aged = await TritonHarness.StartAsync(old);
        aged.Answer(Responses.Text("Say it: hello", isFinal: true));
        var whole = TritonHarness.Request with { Stream = false };

        Assert.Equal("Say it: hello", (await modern.RunAsync(whole)).Text);
        Assert.Equal(true, SentRequest.Single(modern)["exclude_input_in_output"]);
        Assert.Equal("hello", (await aged.RunAsync(whole)).Text);
        Assert.False(SentRequest.Single(aged).Has("exclude_input_in_output"));
    }

    [Fact]
    public async Task Quirk05_Stop_strings_are_sent_one_element_each_and_left_to_the_caller_where_there_is_no_input()
    {
        await using var ensemble = await TritonHarness.StartAsync(Ensemble);
        ensemble.Answer(Responses.Text("x", isFinal: true));
        await using var generic = await TritonHarness.StartAsync(Configs.Parse(Configs.Generic));
        generic.Answer(Responses.Text("x", isFinal: true));
        var request = TritonHarness.Request with { Stop = ["User:", "\n\n"] };

        await ensemble.RunAsync(request);
        var answer = await generic.RunAsync(request);

        Assert.Equal(["User:", "\n\n"], (string[])SentRequest.Single(ensemble)["stop_words"]!);
        Assert.Equal([1L, 2L], SentRequest.Single(ensemble).Shape("stop_words"));
        Assert.Equal("x", answer.Text);
        Assert.Equal(["text_input"], SentRequest.Single(generic).Names);
    }

    [Theory]
    [InlineData(2, FinishReason.Length)]
    [InlineData(3, FinishReason.Stop)]
    public async Task Quirk06_Finish_reason_follows_from_the_models_counter(int maxTokens, FinishReason expected)
    {
        await using var triton = await TritonHarness.StartAsync(Ensemble);
        triton.Answer(
            Responses.New().WithText("a").WithInt32("num_output_tokens", 1, 1, 1).Build(),
            Responses.New().WithText("b").WithInt32("num_output_tokens", 1, 1, 1).Build(isFinal: true));

        var answer = await triton.RunAsync(TritonHarness.Request with { MaxTokens = maxTokens });

        Assert.Equal(expected, answer.Generation.FinishReason);
    }

    [Theory]
    [InlineData(true, 2, FinishReason.Length)]
    [InlineData(true, 3, FinishReason.Stop)]
    [InlineData(false, 2, null)]
    public async Task Quirk07_Without_a_counter_responses_are_counted_and_marked_so(
        bool stream, int maxTokens, FinishReason? expected)
    {
        await using var triton = await TritonHarness.StartAsync(Ensemble);
        triton.Answer(Responses.Text("a"), Responses.Text("b"), Responses.Final());

        var answer = await triton.RunAsync(TritonHarness.Request with { MaxTokens = maxTokens, Stream = stream });

        Assert.Equal(expected, answer.Generation.FinishReason);
        Assert.False(answer.Generation.IsOutputCounted);
        Assert.Equal(stream ? 2 : 0, answer.Generation.OutputTokens);
        Assert.Null(answer.Generation.InputTokens);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ensemble")]
    public async Task Quirk07_Answer_in_one_piece_is_not_taken_for_one_token(string? platform)
    {
        await using var triton = await TritonHarness.StartAsync(
            Configs.Parse(Configs.Generic + "\ni max_tokens INT32 1 REQ", platform: platform ?? ""));
        triton.Answer(Responses.Text("a whole answer, though a stream was asked for"), Responses.Final());

        var answer = await triton.RunAsync(TritonHarness.Request with { MaxTokens = 1 });

        Assert.Equal(0, answer.Generation.OutputTokens);
        Assert.Null(answer.Generation.FinishReason);
    }

    [Fact]
    public async Task Quirk08_Flags_only_final_is_asked_for_and_ends_the_answer()
    {
        await using var triton = await TritonHarness.StartAsync(Ensemble);
        triton.Server.OnInfer = async (request, stream) =>
        {
            await stream.WriteAsync(Responses.Text("a"));
            Assert.True(request.Parameters["triton_enable_empty_final_response"].BoolParam);
            await stream.WriteAsync(Responses.Final());
            await stream.WaitForCancelAsync();
        };

        var answer = await triton.RunAsync();

        Assert.Equal(["a"], answer.Pieces);
        Assert.Null(answer.Generation.Failure);
    }

    [Fact]
    public async Task Quirk09_Cancelling_is_seen_by_the_server_within_one_token()
    {
        await using var triton = await TritonHarness.StartAsync(Ensemble);
        var seen = new TaskCompletionSource<int>();
        triton.Server.OnInfer = async (_, stream) =>
        {
            await stream.WriteAsync(Responses.Text("a"));
            await stream.WaitForCancelAsync();
            seen.SetResult(1);
        };
        await using var generation = await triton.GenerateAsync();
        Assert.True(await generation.ReadAsync(TestContext.Current.CancellationToken));

        generation.Cancel();

        Assert.Equal(1, await seen.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.False(await generation.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(TritonFailureKind.Cancelled, generation.Failure?.Kind);
    }

    [Theory]
    [InlineData(null, null, null, 1f, 1f, null)]
    [InlineData(0.7, null, null, 0.7f, 1f, null)]
    [InlineData(0.7, 0.9, null, 0.7f, 0.9f, null)]
    [InlineData(0.7, null, 40, 0.7f, null, 40)]
    [InlineData(0.0, null, null, null, null, 1)]
    [InlineData(0.0, 0.9, 40, null, null, 1)]
    [InlineData(1.0, 0.0, null, null, null, 1)]
    [InlineData(0.7, null, 0, 0.7f, 1f, null)]
    public async Task Quirk11_Sampling_is_said_in_full(
        double? temperature, double? topP, int? topK, float? sentTemperature, float? sentTopP, int? sentTopK)
    {
        await using var triton = await TritonHarness.StartAsync(Ensemble);
        triton.Answer(Responses.Final());

        await triton.RunAsync(TritonHarness.Request with { Temperature = temperature, TopP = topP, TopK = topK });

        var sent = SentRequest.Single(triton);
        Assert.Equal(sentTemperature, sent["temperature"]);
        Assert.Equal(sentTopP, sent["top_p"]);
        Assert.Equal(sentTopK, sent["top_k"]);
        Assert.Equal(sentTopK == 1, sent["seed"] is null);
    }

    [Fact]
    public async Task Quirk11_Sampling_without_a_seed_gets_a_random_one_each_time_and_greedy_none()
    {
        await using var triton = await TritonHarness.StartAsync(Ensemble);
        triton.Answer(Responses.Final());

        await triton.RunAsync();
        await triton.RunAsync();
        await triton.RunAsync(TritonHarness.Request with { Seed = ulong.MaxValue });
        await triton.RunAsync(TritonHarness.Request with { Temperature = 0 });

        var seeds = triton.Server.Requests.Select(request => new SentRequest(request)["seed"]).ToArray();
        Assert.NotNull(seeds[0]);
        Assert.NotEqual(seeds[0], seeds[1]);
        Assert.Equal(ulong.MaxValue, seeds[2]);
        Assert.Null(seeds[3]);
    }

    [Fact]
    public async Task Quirk12_Log_probabilities_that_nobody_asked_for_are_not_read()
    {
        await using var triton = await TritonHarness.StartAsync(Ensemble);
        triton.Answer(Responses.New()
            .WithText("a")
            .With("output_log_probs", "FP32", [1, 1, 1], [0, 0, 0, 0])
            .Build(isFinal: true));

        await using var generation = await triton.GenerateAsync();
        Assert.True(await generation.ReadAsync(TestContext.Current.CancellationToken));

        Assert.Null(generation.LogProbs);
    }

    [Fact]
    public async Task Quirk13_Model_that_is_not_decoupled_answers_over_the_stream_too()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble, isDecoupled: false));
        triton.Answer(Responses.Text("whole", isFinal: true));

        var answer = await triton.RunAsync();

        Assert.Equal(["whole"], answer.Pieces);
        Assert.False(answer.Generation.IsStreaming);
        Assert.False(SentRequest.Single(triton).Has("stream"));
    }

    [Fact]
    public async Task Quirk16_Vllm_answer_is_read_with_its_own_counters_and_reasons()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.VllmModel);
        triton.Answer(
            Vllm("He", "None", 1), Vllm("llo", "None", 2), Vllm("", "length", 1, isFinal: true));

        var answer = await triton.RunAsync(
            TritonHarness.Request with { MaxTokens = 4, TopK = 5, MinP = 0.1, IgnoreEos = true });

        Assert.Equal("Hello", answer.Text);
        Assert.Equal(FinishReason.Length, answer.Generation.FinishReason);
        Assert.Equal(4, answer.Generation.OutputTokens);
        Assert.Equal(5, answer.Generation.InputTokens);
        var sent = SentRequest.Single(triton);
        Assert.Equal([1L], sent.Shape("text_input"));
        Assert.Equal(true, sent["exclude_input_in_output"]);
        using var parameters = JsonDocument.Parse((string)sent["sampling_parameters"]!);
        Assert.Equal(4, parameters.RootElement.GetProperty("max_tokens").GetInt32());
        Assert.Equal(JsonValueKind.True, parameters.RootElement.GetProperty("ignore_eos").ValueKind);
        Assert.Equal(1, parameters.RootElement.GetProperty("temperature").GetDouble());
    }

    [Fact]
    public async Task Quirk16_Old_vllm_sends_prompt_and_all_text_so_far()
    {
        var old = Configs.Parse(
            """
            i text_input STRING 1 REQ
            i stream BOOL 1 opt
            i sampling_parameters STRING 1 opt
            o text_output STRING -1 REQ
            """,
            maxBatchSize: 0,
            backend: "vllm");

        Assert.Equal("Hello you", await TextAsync(old, "Say it: He", "Say it: Hello", "Say it: Hello you"));
    }

    [Fact]
    public async Task Quirk16_Vllm_that_aborts_is_a_failure_and_no_stop()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.VllmModel);
        triton.Answer(Vllm("He", "None", 1), Vllm("", "abort", 0, isFinal: true));

        var answer = await triton.RunAsync();

        Assert.Equal(TritonFailureKind.Unclassified, answer.Generation.Failure?.Kind);
        Assert.Null(answer.Generation.FinishReason);
    }

    [Fact]
    public async Task Quirk17_Special_tokens_are_kept_where_the_model_takes_the_setting_and_refused_elsewhere()
    {
        await using var vllm = await TritonHarness.StartAsync(Configs.VllmModel);
        vllm.Answer(Responses.Final());
        await using var ensemble = await TritonHarness.StartAsync(Ensemble);
        var request = TritonHarness.Request with { SkipSpecialTokens = false };

        await vllm.RunAsync(request);
        var refused = await ensemble.RunAsync(request);

        Assert.Contains(
            "\"skip_special_tokens\":false",
            (string)SentRequest.Single(vllm)["sampling_parameters"]!,
            StringComparison.Ordinal);
        Assert.Equal(GenerationParameter.SkipSpecialTokens, refused.Generation.Failure?.Parameter);
        Assert.Equal(TritonFailureKind.Unsupported, refused.Generation.Failure?.Kind);
        Assert.Empty(ensemble.Server.Requests);
    }

    private static ModelStreamInferResponse Vllm(string text, string reason, uint tokens, bool isFinal = false) =>
        Responses.New()
            .With("text_output", "BYTES", [1], Bytes(text))
            .With("finish_reason", "BYTES", [1], Bytes(reason))
            .With("num_input_tokens", "UINT32", [], BitConverter.GetBytes(5u))
            .With("num_output_tokens", "UINT32", [1], BitConverter.GetBytes(tokens))
            .Build(isFinal);

    private static byte[] Bytes(string text) =>
        [.. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static async Task<string> TextAsync(ModelConfig model, params string[] texts)
    {
        await using var triton = await TritonHarness.StartAsync(model);
        triton.Answer([.. texts.Select(text => Responses.Text(text)), Responses.Final()]);
        var answer = await triton.RunAsync();
        Assert.Null(answer.Generation.Failure);
        return answer.Text;
    }
}
