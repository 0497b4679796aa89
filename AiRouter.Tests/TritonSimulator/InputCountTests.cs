using AiRouter.Triton;
using AiRouter.TritonSimulator;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>The helpers beside <c>ensemble</c> and <c>tensorrt_llm_bls</c>, as the client uses them.</summary>
public sealed class InputCountTests
{
    [Theory]
    [InlineData("ensemble", "v0.20.0")]
    [InlineData("ensemble", "v0.7.2")]
    [InlineData("tensorrt_llm_bls", "v0.20.0")]
    public async Task Count_of_preprocessing_is_the_count_of_the_model(string name, string release)
    {
        var token = TestContext.Current.CancellationToken;
        await using var triton = await SimulatedTriton.StartAsync(
            new SimulatorOptions { Release = release }, cancellationToken: token);
        await using var client = Client(triton);
        var model = await client.GetModelAsync(name, token);
        var prompt = "Count these, please: 1 2 3"u8.ToArray();

        var count = await client.CountInputTokensAsync(model, prompt, "r", token);

        Assert.True(model.CanCountInputTokens);
        Assert.Equal(8, count);
        if (model.CountsTokens)
        {
            Assert.Equal(count, await CountOfModelAsync(client, model, prompt));
        }
    }

    [Theory]
    [InlineData("ensemble", false, false)]
    [InlineData("ensemble", true, true)]
    [InlineData("tensorrt_llm_bls", false, false)]
    [InlineData("tensorrt_llm", false, true)]
    [InlineData("vllm_model", false, true)]
    public async Task R15_Client_learns_whether_special_tokens_are_added(string name, bool option, bool expected)
    {
        var token = TestContext.Current.CancellationToken;
        await using var triton = await SimulatedTriton.StartAsync(
            new SimulatorOptions { AddSpecialTokens = option }, cancellationToken: token);
        await using var client = Client(triton);

        Assert.Equal(expected, (await client.GetModelAsync(name, token)).AddsSpecialTokens);
    }

    private static TritonClient Client(SimulatedTriton triton)
    {
        return new TritonClient(
            new TritonClientOptions { Address = triton.Address }, TimeProvider.System, NullLoggerFactory.Instance);
    }

    private static async Task<int?> CountOfModelAsync(
        TritonClient client, AiRouter.Triton.Models.TritonModel model, byte[] prompt)
    {
        var token = TestContext.Current.CancellationToken;
        var request = new GenerationRequest { Prompt = prompt, MaxTokens = 1, RequestId = "r" };
        await using var generation = client.Generate(model, request, token);
        while (await generation.ReadAsync(token))
        {
        }

        return generation.InputTokens;
    }
}
