using System.Buffers;
using System.Text;

namespace AiRouter.Prompting.Outputs.Reading;

/// <summary>How JSON writes what a string cannot hold as it is.</summary>
internal static class JsonEscapes
{
    private static readonly byte[][] Controls =
        [.. Enumerable.Range(0, 0x20).Select(i => Encoding.UTF8.GetBytes(OfControl((char)i)))];

    /// <summary>Quotes, backslashes and control characters.</summary>
    public static SearchValues<byte> Special { get; } = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(i => (byte)i)]);

    /// <summary>The escape of one of <see cref="Special"/>.</summary>
    public static ReadOnlySpan<byte> Of(byte special) => special switch
    {
        (byte)'"' => "\\\""u8,
        (byte)'\\' => "\\\\"u8,
        _ => Controls[special],
    };

    /// <summary>Hands on text as the inside of a JSON string in arguments.</summary>
    public static void Write(ReadOnlySpan<byte> text, IOutputSink sink)
    {
        while (!text.IsEmpty)
        {
            var special = text.IndexOfAny(Special);
            var plain = special < 0 ? text : text[..special];
            if (!plain.IsEmpty)
            {
                sink.Arguments(plain);
            }

            if (special < 0)
            {
                return;
            }

            sink.Arguments(Of(text[special]));
            text = text[(special + 1)..];
        }
    }

    private static string OfControl(char control) => control switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        _ => $"\\u{(int)control:x4}",
    };
}
