using System.Text;
using AiRouter.Prompting.Outputs;
using AiRouter.Prompting.Outputs.Reading;

namespace AiRouter.Tests.Prompting.Outputs;

/// <summary>Lets a parser read an answer in pieces and checks what always holds.</summary>
internal static class ParserRun
{
    /// <summary>A head, and the longest marker behind it, whose beginning may have been seen.</summary>
    private const int MostHeld = TextParser.HeadLimit + 64;

    public static RecordingSink Read(IOutputParser parser, IEnumerable<byte[]> pieces)
    {
        var sink = new RecordingSink();
        foreach (var piece in pieces)
        {
            parser.Push(piece, sink);
            if (parser is TextParser text)
            {
                Assert.InRange(text.Held, 0, MostHeld);
            }
        }

        parser.End(sink);
        Assert.True(sink.IsWhole);
        return sink;
    }

    /// <summary>Cuts at code points: the lengths are used again and again.</summary>
    public static IEnumerable<byte[]> Cut(string text, IReadOnlyList<int> lengths)
    {
        var runes = text.EnumerateRunes().Select(r => r.ToString()).ToArray();
        var at = 0;
        for (var i = 0; at < runes.Length; i++)
        {
            var length = Math.Min(lengths[i % lengths.Count], runes.Length - at);
            yield return Encoding.UTF8.GetBytes(string.Concat(runes.AsSpan(at, length)!));
            at += length;
        }
    }
}
