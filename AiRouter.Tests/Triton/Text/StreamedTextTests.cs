using System.Text;
using AiRouter.Triton.Text;
using FsCheck;
using FsCheck.Xunit;

namespace AiRouter.Tests.Triton.Text;

public sealed class StreamedTextTests
{
    [Property(MaxTest = 1000)]
    public void Delta_text_split_anywhere_comes_back_whole(NonNull<string> text, NonNull<byte[]> cuts)
    {
        var bytes = Utf8(text.Get);

        Assert.Equal(bytes, Run(TextForm.Delta, Split(bytes, cuts.Get)));
    }

    [Property(MaxTest = 1000)]
    public void Quirk02_Cumulative_text_split_anywhere_comes_back_whole(NonNull<string> text, NonNull<byte[]> cuts)
    {
        var bytes = Utf8(text.Get);

        Assert.Equal(bytes, Run(TextForm.Cumulative, Growing(bytes, cuts.Get)));
    }

    [Property(MaxTest = 1000)]
    public void Quirk03_Cumulative_text_with_replacement_characters_for_split_ones_comes_back_whole(
        NonNull<string> text, NonNull<byte[]> cuts)
    {
        var bytes = Utf8(text.Get);

        // What a detokenizer makes of bytes that are not all there: U+FFFD.
        var texts = Growing(bytes, cuts.Get).Select(part => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(part)));

        Assert.Equal(bytes, Run(TextForm.Cumulative, [.. texts]));
    }

    [Property(MaxTest = 1000)]
    public void Any_bytes_come_out_as_valid_text(NonNull<byte[]> bytes, NonNull<byte[]> cuts)
    {
        var expected = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes.Get));

        Assert.Equal(expected, Run(TextForm.Delta, Split(bytes.Get, cuts.Get)));
    }

    [Theory]
    [InlineData("\uFFFDab", new byte[] { 0xFF }, new byte[] { 0x61 }, new byte[] { 0x62 })]
    [InlineData("Hi\uFFFD you", new byte[] { 0x48, 0x69, 0xFF }, new byte[] { 0x20 }, new byte[] { 0x79, 0x6F, 0x75 })]
    public void Quirk03_Bad_bytes_in_the_first_text_of_an_unknown_form_lose_nothing(string expected, params byte[][] texts) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Run(TextForm.Detect, texts)));

    [Property(MaxTest = 1000)]
    public void Any_bytes_of_any_form_come_out_as_valid_text(NonNull<byte[]> bytes, NonNull<byte[]> cuts)
    {
        foreach (var form in new[] { TextForm.Delta, TextForm.Cumulative, TextForm.Detect })
        {
            Assert.True(System.Text.Unicode.Utf8.IsValid(Run(form, Split(bytes.Get, cuts.Get))));
        }
    }

    [Property(MaxTest = 500)]
    public void Every_piece_is_whole_code_points(NonNull<string> text, NonNull<byte[]> cuts)
    {
        foreach (var form in new[] { TextForm.Delta, TextForm.Cumulative, TextForm.Detect })
        {
            var parts = form == TextForm.Delta ? Split(Utf8(text.Get), cuts.Get) : Growing(Utf8(text.Get), cuts.Get);
            foreach (var piece in Pieces(form, parts))
            {
                Assert.True(System.Text.Unicode.Utf8.IsValid(piece));
            }
        }
    }

    [Theory]
    [InlineData("hahaha", "ha", "ha", "ha")]
    [InlineData("The cat sat", "The", "The cat", "The cat sat")]
    [InlineData("The cat sat", "The", " cat", " sat")]
    [InlineData("Yes.", "Yes", "Yes.")]
    [InlineData("110 apples", "1", "10", " apples")]
    [InlineData("ha you", "ha", "ha", "ha you", "ha you")]
    [InlineData("aaaaaaaaaaaa", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a")]
    [InlineData("one", "one")]
    [InlineData("one two", "", "one", "", "one two")]
    public void Quirk02_Form_is_detected_from_the_texts(string expected, params string[] texts) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Run(TextForm.Detect, [.. texts.Select(Encoding.UTF8.GetBytes)])));

    [Fact]
    public void Quirk02_Unknown_form_is_delta() =>
        Assert.Equal("hahaha"u8, Run(TextForm.Delta, ["ha"u8.ToArray(), "ha"u8.ToArray(), "ha"u8.ToArray()]));

    [Fact]
    public void Quirk03_Replacement_character_that_stays_is_given_at_the_end() =>
        Assert.Equal("a\uFFFD"u8, Run(TextForm.Cumulative, ["a"u8.ToArray(), "a\uFFFD"u8.ToArray()]));

    [Fact]
    public void Cumulative_text_that_shrinks_takes_nothing_back() =>
        Assert.Equal("abcd"u8, Run(TextForm.Cumulative, ["abc"u8.ToArray(), "ab"u8.ToArray(), ""u8.ToArray(), "abcd"u8.ToArray()]));

    [Fact]
    public void Cumulative_text_that_is_rewritten_goes_on_at_the_same_length() =>
        Assert.Equal("abXde"u8, Run(TextForm.Cumulative, ["abX"u8.ToArray(), "abcde"u8.ToArray()]));

    [Fact]
    public void Code_point_cut_off_at_the_end_is_one_replacement_character() =>
        Assert.Equal("a\uFFFD"u8, Run(TextForm.Delta, [[(byte)'a', 0xF0, 0x9F, 0x98]]));

    [Theory]
    [InlineData(false, "answer", "prompt answer-part", "prompt ")]
    [InlineData(true, "answer", "prompt answer-part", "prompt ")]
    public void Quirk04_Echoed_prompt_is_taken_off_once(bool isCumulative, string rest, string text, string prompt)
    {
        var echo = new PromptEcho(Encoding.UTF8.GetBytes(prompt), isCumulative);

        Assert.Equal($"{rest}-part", Encoding.UTF8.GetString(echo.Strip(Encoding.UTF8.GetBytes(text))));
        var second = Encoding.UTF8.GetString(echo.Strip(Encoding.UTF8.GetBytes("prompt again")));
        Assert.Equal(isCumulative ? "again" : "prompt again", second);
    }

    [Fact]
    public void Quirk04_Answer_that_only_resembles_the_prompt_stays() =>
        Assert.Equal("Prompt answer"u8, new PromptEcho("prompt "u8.ToArray(), false).Strip("Prompt answer"u8));

    /// <summary>Text with characters of every length and no U+FFFD of its own (lone surrogates become one).</summary>
    private static byte[] Utf8(string text) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text + "é€😀" + text)).Replace('\uFFFD', '?'));

    private static List<byte[]> Split(byte[] bytes, byte[] cuts)
    {
        var parts = new List<byte[]>();
        var start = 0;
        foreach (var cut in cuts)
        {
            var end = Math.Min(start + (cut % 5), bytes.Length);
            parts.Add(bytes[start..end]);
            start = end;
        }

        parts.Add(bytes[start..]);
        return parts;
    }

    private static List<byte[]> Growing(byte[] bytes, byte[] cuts)
    {
        var length = 0;
        var texts = new List<byte[]>();
        foreach (var part in Split(bytes, cuts))
        {
            length += part.Length;
            texts.Add(bytes[..length]);
        }

        return texts;
    }

    private static byte[] Run(TextForm form, IReadOnlyList<byte[]> texts) => [.. Pieces(form, texts).SelectMany(piece => piece)];

    private static List<byte[]> Pieces(TextForm form, IReadOnlyList<byte[]> texts)
    {
        var streamed = StreamedTexts.Create(form);
        var target = new TextBuffer();
        var pieces = new List<byte[]>();
        foreach (var text in texts)
        {
            target.Clear();
            streamed.Take(text, target);
            pieces.Add(target.Span.ToArray());
        }

        target.Clear();
        streamed.End(target);
        pieces.Add(target.Span.ToArray());
        return pieces;
    }
}
