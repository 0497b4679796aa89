using System.Text;
using AiRouter.TritonSimulator.Tensors;

namespace AiRouter.TritonSimulator.Models;

/// <summary>Reads the images of a request, or says in the backend's words why it cannot.</summary>
internal static class ImageInputs
{
    private const string DataUrl = "data:image/jpeg;base64,";

    /// <summary>vLLM's <c>image</c>: base64 texts.</summary>
    public static IReadOnlyList<ReceivedImage> OfVllm(InferenceRun run, TritonRelease release, out string? error)
    {
        error = null;
        var texts = run.Input("image")?.Elements() ?? [];
        var images = new List<ReceivedImage>();
        foreach (var text in texts)
        {
            if (Decode(Encoding.UTF8.GetString(text.Span), out error) is not { } image)
            {
                return [];
            }

            images.Add(image);
        }

        var most = run.Options.MaxImages;
        if (images.Count > 0 && most == 0)
        {
            error = "Your model does not support multi-modal inputs";
        }
        else if (images.Count > most)
        {
            error = release.Number >= TritonRelease.StructuredOutputs
                ? $"At most {most} image(s) may be provided in one prompt."
                : $"You set image={most} (or defaulted to 1) in `--limit-mm-per-prompt`, but passed {images.Count} image "
                    + "items in the same prompt.";
        }

        return images;
    }

    /// <summary>
    /// What preprocessing makes of <c>image_url_input</c> and <c>image_bytes_input</c> of the BLS model: only the data URL
    /// of a JPEG is read here, whatever is in it; any other URL is fetched.
    /// </summary>
    public static IReadOnlyList<ReceivedImage> OfBls(InferenceRun run, out string? error)
    {
        error = null;
        var url = run.Input("image_url_input");
        var pixels = run.Input("image_bytes_input");
        if (url is null && pixels is null)
        {
            return [];
        }

        if (!run.Options.Multimodal)
        {
            error = "Failed to process the request(s), message: Model is not found: no multimodal_encoders_name";
            return [];
        }

        if (url is null)
        {
            return [.. Enumerable.Repeat(PixelsOf(pixels!), (int)pixels!.Shape[1])];
        }

        var text = url.Text();
        if (!text.StartsWith(DataUrl, StringComparison.Ordinal))
        {
            error = text.StartsWith("http", StringComparison.Ordinal)
                ? "the simulator fetches no images"
                : $"InvalidSchema: No connection adapters were found for '{text[..Math.Min(text.Length, 40)]}'";
            return [];
        }

        return Decode(text[DataUrl.Length..], out error) is { } image ? [image] : [];
    }

    private static ReceivedImage PixelsOf(InputTensor pixels)
    {
        return new ReceivedImage("pixels", pixels.Raw.Length / (int)Math.Max(1, pixels.Shape[1]));
    }

    private static ReceivedImage? Decode(string base64, out string? error)
    {
        error = null;
        var file = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, file, out var length))
        {
            error = "Incorrect padding";
            return null;
        }

        if (ReceivedImage.Of(file.AsSpan(0, length)) is { } image)
        {
            return image;
        }

        error = "cannot identify image file <_io.BytesIO object at 0x7f2a5c1d4bd0>";
        return null;
    }
}
