using System.Text;
using AiRouter.Prompting.Outputs;
using AiRouter.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AiRouter.Tests.Prompting.Outputs;

public sealed class StopMatcherTests
{
    [Theory]
    [InlineData("one STOP two", "one ", "STOP", "STOP")]
    [InlineData("one ST", "one ST", null, "STOP")]
    [InlineData("aab", "a", "ab", "ab")]
    [InlineData("xabcd", "xa", "bc", "abcd", "bc")]
    [InlineData("xabc", "x", "abc", "c", "abc")]
    [InlineData("Grüße</s>x", "Grüße", "</s>", "</s>")]
    [InlineData("no match", "no match", null)]
    public void Text_is_cut_where_the_first_complete_stop_text_begins(
        string text, string visible, string? hit, params string[] stops)
    {
        var automaton = new StopStrings(stops);
        var (seen, match) = Run(automaton, [Encoding.UTF8.GetBytes(text)], out _);

        Assert.Equal(visible, Encoding.UTF8.GetString(seen));
        Assert.Equal(hit, match < 0 ? null : automaton.Texts[match]);
    }

    [Fact]
    public void Stop_across_pieces_is_held_back_until_it_is_decided()
    {
        var matcher = new StopMatcher(new StopStrings(["</s>"]));

        Assert.Equal("ab", Text(matcher.Push("ab</"u8)));
        Assert.Equal(2, matcher.Held);
        Assert.Equal("</", Text(matcher.Push("<"u8)));
        Assert.Equal("", Text(matcher.Push("/s"u8)));
        Assert.False(matcher.IsStopped);
        Assert.Equal("", Text(matcher.Push(">rest"u8)));
        Assert.True(matcher.IsStopped);
        Assert.Equal("", Text(matcher.Push("more"u8)));
        Assert.Equal(0, matcher.Flush().Length);
    }

    [Fact]
    public void Held_text_comes_out_at_the_end()
    {
        var matcher = new StopMatcher(new StopStrings(["</s>"]));
        matcher.Push("a</s"u8);

        Assert.Equal("</s", Encoding.UTF8.GetString(matcher.Flush()));
        Assert.Equal(0, matcher.Flush().Length);
    }

    [Fact]
    public void Sixteen_texts_of_one_KiB_are_taken()
    {
        var stops = Enumerable.Range(0, 16).Select(i => new string('a', 1023) + (char)('b' + i)).ToArray();
        var (seen, match) = Run(
            new StopStrings(stops), [Encoding.UTF8.GetBytes("xy" + new string('a', 5000) + "d!")], out var held);

        Assert.Equal(2 + 5000 - 1023, seen.Length);
        Assert.Equal(2, match);
        Assert.True(held <= 1023);
    }

    [Fact]
    public void Push_allocates_nothing()
    {
        var matcher = new StopMatcher(new StopStrings(["STOP", "</s>", "\n\nUser:"]));
        Assert.Equal(0, Allocations.Of(() => Push(matcher, 10_000)));

        static void Push(StopMatcher matcher, int times)
        {
            for (var i = 0; i < times; i++)
            {
                matcher.Push(" some <text>\n"u8);
            }
        }
    }

    /// <summary>A small alphabet, so that partial matches, overlaps and hits are all frequent.</summary>
    [Property(MaxTest = 2000)]
    public Property Any_chunking_gives_what_a_search_of_the_whole_text_gives()
    {
        var word = Gen.Elements('a', 'b', 'ü').ArrayOf();
        var cases =
            from text in word
            from stops in word.Where(w => w.Length is > 0 and < 6).ArrayOf(3)
            from cuts in Gen.Choose(0, 3).ArrayOf(text.Length + 1)
            select (Text: new string(text), Stops: stops.Select(s => new string(s)).ToArray(), Cuts: cuts);
        return Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var automaton = new StopStrings(c.Stops);
            var (seen, match) = Run(automaton, Chunks(c.Text, c.Cuts), out var held);
            var (expected, expectedStop) = Search(c.Text, c.Stops);
            var longest = c.Stops.Max(s => Encoding.UTF8.GetByteCount(s));
            return Encoding.UTF8.GetString(seen) == expected &&
                (match < 0 ? null : automaton.Texts[match]) == expectedStop && held < longest;
        });
    }

    private static List<byte[]> Chunks(string text, int[] cuts)
    {
        var chunks = new List<byte[]>();
        var at = 0;
        foreach (var cut in cuts)
        {
            var length = Math.Min(cut, text.Length - at);
            chunks.Add(Encoding.UTF8.GetBytes(text.Substring(at, length)));
            at += length;
        }

        chunks.Add(Encoding.UTF8.GetBytes(text[at..]));
        return chunks;
    }

    /// <summary>The plain way: the match that ends first, and of those the longest.</summary>
    private static (string Visible, string? Stop) Search(string text, string[] stops)
    {
        for (var end = 1; end <= text.Length; end++)
        {
            var hit = stops.Where(s => text[..end].EndsWith(s, StringComparison.Ordinal)).MaxBy(s => s.Length);
            if (hit is not null)
            {
                return (text[..(end - hit.Length)], hit);
            }
        }

        return (text, null);
    }

    private static (byte[] Seen, int Match) Run(StopStrings stops, IEnumerable<byte[]> pieces, out int mostHeld)
    {
        var matcher = new StopMatcher(stops);
        var seen = new MemoryStream();
        mostHeld = 0;
        foreach (var piece in pieces)
        {
            var visible = matcher.Push(piece);
            seen.Write(visible.Held);
            seen.Write(visible.Piece);
            mostHeld = Math.Max(mostHeld, matcher.Held);
        }

        seen.Write(matcher.Flush());
        return (seen.ToArray(), matcher.Match);
    }

    private static string Text(VisibleText text) => Encoding.UTF8.GetString(text.Held) + Encoding.UTF8.GetString(text.Piece);
}
