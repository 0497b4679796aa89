using AiRouter.Api.Admission;

namespace AiRouter.Tests.Admission;

public sealed class RateLimitHeaderTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(-5, "0s")]
    [InlineData(0.2, "1ms")]
    [InlineData(17, "17ms")]
    [InlineData(999.5, "1s")]
    [InlineData(1000, "1s")]
    [InlineData(7660, "7.66s")]
    [InlineData(59_999, "59.999s")]
    [InlineData(60_000, "1m0s")]
    [InlineData(62_500, "1m2.5s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(3_600_000, "1h0m0s")]
    [InlineData(90_061_001, "25h1m1.001s")]
    public void Duration_is_written_as_openai_does(double milliseconds, string text) =>
        Assert.Equal(text, RateLimitHeaders.Duration(TimeSpan.FromMilliseconds(milliseconds)));
}
