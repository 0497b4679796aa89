using System.Text;
using AiRouter.Core.Metering;

namespace AiRouter.Tests.Metering;

public sealed class BodyExcerptTests
{
    [Fact]
    public void Short_body_is_kept_whole()
    {
        var excerpt = Of(1024, "Grüße, ", "wie geht's?");

        Assert.Equal("Grüße, wie geht's?", excerpt.ToString());
        Assert.False(excerpt.IsCut);
    }

    [Fact]
    public void Long_body_is_cut_between_characters()
    {
        var excerpt = Of(10, "äöü€ tail");

        Assert.Equal("äöü€ ", excerpt.ToString()[..5]);
        Assert.True(excerpt.IsCut);
        Assert.Equal("äöü", Of(8, "äöü€").ToString());
        Assert.Equal(9, Of(8, "äöü€").Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Long_base64_is_left_out_and_what_follows_is_kept(int pieceLength)
    {
        var data = Convert.ToBase64String(new byte[50_000]);
        var body = "{\"image\":\"" + data + "\",\"text\":\"What is this?\"}";

        var excerpt = Of(1024, [.. body.Chunk(pieceLength).Select(c => new string(c))]);

        Assert.Equal("{\"image\":\"" + data[..32] + "…\",\"text\":\"What is this?\"}", excerpt.ToString());
        Assert.True(excerpt.IsCut);
        Assert.Equal(Encoding.UTF8.GetByteCount(body), excerpt.Length);
    }

    [Fact]
    public void Empty_body_is_empty() => Assert.Equal("", Of(10).ToString());

    private static BodyExcerpt Of(int capacity, params string[] pieces)
    {
        var excerpt = new BodyExcerpt(capacity);
        foreach (var piece in pieces)
        {
            excerpt.Append(Encoding.UTF8.GetBytes(piece));
        }

        return excerpt;
    }
}
