namespace AiRouter.Triton.Text;

/// <summary>Makes the reader for a form of streamed text.</summary>
internal static class StreamedTexts
{
    public static IStreamedText Create(TextForm form) => form switch
    {
        TextForm.Cumulative => new CumulativeText(),
        TextForm.Detect => new DetectedText(),
        _ => new DeltaText(),
    };
}
