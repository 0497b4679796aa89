using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using AiRouter.Triton.Models;

namespace AiRouter.Tests.Triton;

public sealed class GenerationTests
{
    [Fact]
    public async Task Ensemble_streams_text_counters_and_finish_reason()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble, platform: "ensemble"));
        triton.Answer(
            Responses.New().WithText("Hello").WithInt32("num_input_tokens", 3, 1, 1).WithInt32("num_output_tokens", 1, 1, 1).Build(),
            Responses.New().WithText(" you").WithInt32("num_input_tokens", 3, 1, 1).WithInt32("num_output_tokens", 1, 1, 1).Build(),
            Responses.Final());

        var answer = await triton.RunAsync();

        Assert.Null(answer.Generation.Failure);
        Assert.Equal(["Hello", " you"], answer.Pieces);
        Assert.Equal(3, answer.Generation.InputTokens);
        Assert.Equal(2, answer.Generation.OutputTokens);
        Assert.True(answer.Generation.IsOutputCounted);
        Assert.Equal(FinishReason.Stop, answer.Generation.FinishReason);
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_first_read()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Answer(Responses.Text("x", isFinal: true));

        await using var generation = await triton.GenerateAsync();
        Assert.Empty(triton.Server.Requests);

        Assert.True(await generation.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Single(triton.Server.Requests);
    }

    [Fact]
    public async Task Model_is_of_the_family_that_its_inputs_show()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));

        var model = await triton.Client.GetModelAsync("m", TestContext.Current.CancellationToken);

        Assert.Equal(ModelKind.TensorRtLlm, model.Kind);
        Assert.True(model.Supports(GenerationParameter.TopK));
        Assert.False(model.Supports(GenerationParameter.LogitBias));
    }
}
