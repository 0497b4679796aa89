using System.Text;

namespace AiRouter.Benchmarks.Requests;

/// <summary>Chat requests of a given size.</summary>
internal static class ChatBodies
{
    private const string Start = """{"model":"chat","messages":[{"role":"system","content":"You answer in one sentence."},{"role":"user","content":" """;
    private const string End = """ "}],"temperature":0.7,"max_tokens":100}""";

    /// <summary>A request of so many bytes, or as few as one can have.</summary>
    /// <param name="size">Its length in bytes.</param>
    /// <param name="isEscaped">Whether its text has an escape in each line, as code and Markdown have; else none.</param>
    public static byte[] Of(int size, bool isEscaped = false)
    {
        var line = isEscaped
            ? """    if (a < b) { print(\"the quick brown fox\"); }\n"""
            : """    the quick brown fox jumps over the lazy dog    """;
        var text = new StringBuilder(Start);
        while (text.Length + line.Length + End.Length <= size)
        {
            text.Append(line);
        }

        text.Append('x', Math.Max(0, size - text.Length - End.Length)).Append(End);
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
