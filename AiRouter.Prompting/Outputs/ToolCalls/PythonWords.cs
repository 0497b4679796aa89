namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>Python's constants in JSON.</summary>
internal static class PythonWords
{
    /// <summary>What a word means; empty: it is none of them. JSON's own are taken too.</summary>
    public static ReadOnlySpan<byte> ToJson(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("True"u8) || word.SequenceEqual("true"u8) ? "true"u8 :
        word.SequenceEqual("False"u8) || word.SequenceEqual("false"u8) ? "false"u8 :
        word.SequenceEqual("None"u8) || word.SequenceEqual("null"u8) ? "null"u8 :
        default;
}
