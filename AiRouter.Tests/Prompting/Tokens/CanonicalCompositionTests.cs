using AiRouter.Prompting.Tokens.Unicode;

namespace AiRouter.Tests.Prompting.Tokens;

/// <summary>Unicode's normalization form C, by cases of Unicode Standard Annex 15.</summary>
public sealed class CanonicalCompositionTests
{
    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("A\u030A", "\u00C5")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323")]
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("s\u0307\u0323", "\u1E69")]
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307")]
    [InlineData("a\u0305\u0301", "a\u0305\u0301")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\uD558\u11AB", "\uD55C")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("x\u0301\u0301\u0323\u0323y", "x\u0323\u0323\u0301\u0301y")]
    public void Text_is_composed(string text, string composed) =>
        Assert.Equal(composed, CanonicalComposition.Instance.Apply(text, isStart: true) ?? text);

    [Theory]
    [InlineData("plain text")]
    [InlineData("Ünïcödé, Привет, 日本語, 한국어")]
    public void Text_that_is_composed_is_not_touched(string text) =>
        Assert.Null(CanonicalComposition.Instance.Apply(text, isStart: true));
}
