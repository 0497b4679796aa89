namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>The transcripts of every parser.</summary>
internal static class AllTranscripts
{
    public static Transcript[] All { get; } =
    [
        .. HermesTranscripts.All,
        .. TaggedTranscripts.All,
        .. Llama3Transcripts.All,
        .. MistralTranscripts.All,
        .. DeepSeekTranscripts.All,
        .. PythonicTranscripts.All,
        .. FunctionaryTranscripts.All,
        .. JsonTranscripts.All,
        .. KimiTranscripts.All,
        .. HarmonyTranscripts.All,
        .. ReasoningTranscripts.All,
    ];
}
