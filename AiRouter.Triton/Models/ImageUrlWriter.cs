using AiRouter.Triton.Contract;
using AiRouter.Triton.Protocol;

namespace AiRouter.Triton.Models;

/// <summary>
/// Gives TensorRT-LLM's BLS model its image, as a data URL in <c>image_url_input</c>. Its <c>image_bytes_input</c>
/// takes decoded pixels. The LLM API's <c>image_url</c> is not used: a server that was not set up for images ignores it
/// without a word, and its configuration does not tell.
/// </summary>
internal static class ImageUrlWriter
{
    private const string Input = "image_url_input";

    /// <summary>One for each prompt, and only where there is an encoder for it.</summary>
    public static int MaxImages(TritonModel model) =>
        model.FindInput(Input) is { Type: DataType.TypeString }
        && model.FindParameter("multimodal_encoders_name") is not null
            ? 1
            : 0;

    // preprocessing knows a data URL by these very words, and finds the format in the file itself.
    private static ReadOnlySpan<byte> Prefix => "data:image/jpeg;base64,"u8;

    /// <summary>Adds the input; gives what is wrong, or null.</summary>
    public static TritonFailure? Write(
        TritonModel model, IReadOnlyList<ReadOnlyMemory<byte>> images, InferRequest target)
    {
        if (model.FindInput(Input) is not { } input)
        {
            return GenerationChecks.Unsupported(GenerationParameter.Images);
        }

        target.AddText(input, ImageTexts.Base64(images[0].Span, Prefix).Span);
        return null;
    }
}
