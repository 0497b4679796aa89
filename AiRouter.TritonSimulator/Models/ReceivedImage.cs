using System.Globalization;

namespace AiRouter.TritonSimulator.Models;

/// <summary>An image that came with a request.</summary>
/// <param name="Format">png, jpeg, gif, webp, bmp; pixels when it came decoded.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record ReceivedImage(string Format, int Bytes)
{
    /// <summary>The image of a file; null when it is none that is known by its first bytes.</summary>
    public static ReceivedImage? Of(ReadOnlySpan<byte> file)
    {
        var format = file switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "png",
            [0xFF, 0xD8, 0xFF, ..] => "jpeg",
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "gif",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', ..] => "webp",
            [(byte)'B', (byte)'M', ..] => "bmp",
            _ => null,
        };
        return format is null ? null : new ReceivedImage(format, file.Length);
    }

    /// <summary>What <c>[[images]]</c> answers.</summary>
    public static string Describe(IReadOnlyList<ReceivedImage> images)
    {
        var each = images.Select(image => string.Create(
            CultureInfo.InvariantCulture, $"{image.Format} {image.Bytes} bytes"));
        return string.Create(CultureInfo.InvariantCulture, $"{images.Count} images")
            + (images.Count == 0 ? "" : ": " + string.Join(", ", each));
    }
}
