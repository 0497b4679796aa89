using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>Images, as the vLLM backend and TensorRT-LLM's BLS model take them.</summary>
public sealed class ImageTests
{
    private static readonly string Jpeg = Convert.ToBase64String([0xFF, 0xD8, 0xFF, 0xE0]);

    [Fact]
    public async Task Vllm_tells_the_images_that_came()
    {
        await using var client = await SimulatorClient.StartAsync();

        var two = await client.StreamAsync(Requests.Vllm("[[images]]").Text("image", [2], Jpeg, Jpeg));
        var none = await client.StreamAsync(Requests.Vllm("[[images]]"));

        Assert.Equal("2 images: jpeg 4 bytes, jpeg 4 bytes", string.Concat(two.Texts()));
        Assert.Equal("0 images", string.Concat(none.Texts()));
    }

    [Theory]
    [InlineData("25.06", 1, 2, "You set image=1 (or defaulted to 1) in `--limit-mm-per-prompt`, but passed 2 image items")]
    [InlineData("25.11", 1, 2, "At most 1 image(s) may be provided in one prompt.")]
    [InlineData("25.06", 0, 1, "Your model does not support multi-modal inputs")]
    public async Task Vllm_refuses_more_than_its_limit(string release, int most, int count, string expected)
    {
        await using var client = await SimulatorClient.StartAsync(
            new SimulatorOptions { TritonRelease = release, MaxImages = most });

        var error = await client.ErrorAsync(
            Requests.Vllm("x").Text("image", [count], [.. Enumerable.Repeat(Jpeg, count)]));

        Assert.StartsWith("Error generating stream: " + expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AAAA", "cannot identify image file")]
    [InlineData("A", "Incorrect padding")]
    public async Task Vllm_refuses_what_is_no_image(string image, string expected)
    {
        await using var client = await SimulatorClient.StartAsync();

        Assert.Contains(
            expected, await client.ErrorAsync(Requests.Vllm("x").Text("image", [1], image)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bls_decodes_the_data_url_of_a_jpeg_and_takes_pixels()
    {
        await using var client = await SimulatorClient.StartAsync();

        var url = await client.StreamAsync(Bls("[[images]]").Text("image_url_input", [1, 1], "data:image/jpeg;base64," + Jpeg));
        var pixels = await client.StreamAsync(
            Bls("[[images]]").Raw("image_bytes_input", "UINT8", [1, 2, 1, 2, 3], new byte[12]));

        Assert.Equal("1 images: jpeg 4 bytes", url.Texts()[^1]);
        Assert.Equal("2 images: pixels 6 bytes, pixels 6 bytes", pixels.Texts()[^1]);
    }

    [Theory]
    [InlineData("data:image/png;base64,AAAA", true, "No connection adapters were found for 'data:image/png;base64,AAAA'")]
    [InlineData("http://127.0.0.1/a.png", true, "the simulator fetches no images")]
    [InlineData("data:image/jpeg;base64,AAAA", true, "cannot identify image file")]
    [InlineData("data:image/jpeg;base64,AAAA", false, "no multimodal_encoders_name")]
    public async Task Bls_refuses_what_it_cannot_read(string url, bool isMultimodal, string expected)
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { Multimodal = isMultimodal });

        var error = await client.ErrorAsync(Bls("x").Text("image_url_input", [1, 1], url));

        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static ModelInferRequest Bls(string prompt)
    {
        return Requests.For("tensorrt_llm_bls").Text("text_input", [1, 1], prompt).Int32("max_tokens", [1, 1], 100)
            .Flag("exclude_input_in_output", [1, 1]);
    }
}
