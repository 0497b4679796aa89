using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using AiRouter.Triton.Contract;
using AiRouter.Triton.Models;

namespace AiRouter.Tests.Triton;

/// <summary>Images of a prompt, as vLLM and TensorRT-LLM's BLS model take them.</summary>
public sealed class ImageTests
{
    private const string Vllm = Configs.Vllm + "\ni image STRING -1 opt";

    private const string Bls = Configs.Ensemble
        + "\ni image_bytes_input UINT8 -1,-1,-1,-1 opt\ni image_url_input STRING 1 opt";

    private static readonly ReadOnlyMemory<byte> Png = "\x89PNG\r\n\x1a\nfirst"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Jpeg = new byte[] { 0xFF, 0xD8, 0xFF, 0xE0, 0 };

    [Fact]
    public async Task Vllm_gets_a_base64_text_for_each()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Vllm, maxBatchSize: 0, backend: "vllm"));
        triton.Answer(Responses.Text("x", isFinal: true));

        await triton.RunAsync(With(Png, Jpeg));

        var sent = SentRequest.Single(triton);
        Assert.Equal([2], sent.Shape("image"));
        Assert.Equal(
            [Convert.ToBase64String(Png.Span), Convert.ToBase64String(Jpeg.Span)], (string[])sent["image"]!);
    }

    [Fact]
    public async Task Bls_gets_one_as_the_data_url_that_its_preprocessing_decodes()
    {
        await using var triton = await TritonHarness.StartAsync(BlsWith("multimodal_encoders"));
        triton.Answer(Responses.Text("x", isFinal: true));

        await triton.RunAsync(With(Png));

        var sent = SentRequest.Single(triton);
        Assert.Equal([1, 1], sent.Shape("image_url_input"));
        Assert.Equal("data:image/jpeg;base64," + Convert.ToBase64String(Png.Span), sent["image_url_input"]);
        Assert.False(sent.Has("image_bytes_input"));
    }

    [Fact]
    public void Models_say_how_many_they_take()
    {
        Assert.Equal(64, MaxImages(Configs.Parse(Vllm, maxBatchSize: 0, backend: "vllm")));
        Assert.Equal(0, MaxImages(Configs.VllmModel));
        Assert.Equal(1, MaxImages(BlsWith("multimodal_encoders")));
        Assert.Equal(0, MaxImages(BlsWith("${multimodal_encoders_name}")));
        Assert.Equal(0, MaxImages(BlsWith("")));
        Assert.Equal(0, MaxImages(Configs.Parse(Configs.Ensemble)));
        Assert.Equal(0, MaxImages(Configs.Parse(Configs.LlmApi + "\ni image_url STRING -1 opt", maxBatchSize: 0)));
        Assert.Equal(0, MaxImages(Configs.Parse("i text STRING 1 REQ\no embedding FP32 8 REQ")));
    }

    [Theory]
    [InlineData("none", TritonFailureKind.Unsupported)]
    [InlineData("two", TritonFailureKind.InvalidRequest)]
    [InlineData("empty", TritonFailureKind.InvalidRequest)]
    public async Task What_the_model_cannot_take_is_refused_before_it_is_sent(string what, TritonFailureKind expected)
    {
        await using var triton = await TritonHarness.StartAsync(
            what == "none" ? Configs.VllmModel : BlsWith("multimodal_encoders"));

        var answer = await triton.RunAsync(what switch
        {
            "two" => With(Png, Jpeg),
            "empty" => With(default(ReadOnlyMemory<byte>)),
            _ => With(Png),
        });

        var failure = answer.Generation.Failure;
        Assert.Equal((expected, GenerationParameter.Images), (failure?.Kind, failure?.Parameter));
        Assert.Empty(triton.Server.Requests);
    }

    [Fact]
    public async Task Large_image_arrives_whole()
    {
        var large = new byte[3_000_001];
        new Random(5).NextBytes(large);
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Vllm, maxBatchSize: 0, backend: "vllm"));
        triton.Answer(Responses.Text("x", isFinal: true));

        await triton.RunAsync(With(large));

        Assert.Equal(large, Convert.FromBase64String((string)SentRequest.Single(triton)["image"]!));
    }

    private static GenerationRequest With(params ReadOnlyMemory<byte>[] images) =>
        TritonHarness.Request with { Images = images };

    private static int MaxImages(ModelConfig config)
    {
        var model = new TritonModel("m", config);
        Assert.Equal(model.MaxImages > 0, model.Supports(GenerationParameter.Images));
        return model.MaxImages;
    }

    private static ModelConfig BlsWith(string encoder)
    {
        var config = Configs.Parse(Bls);
        config.Parameters["multimodal_encoders_name"] = new ModelParameter { StringValue = encoder };
        return config;
    }
}
