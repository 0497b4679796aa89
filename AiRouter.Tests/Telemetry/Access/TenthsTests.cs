using System.Globalization;
using System.Text;
using AiRouter.Api.Telemetry;
using FsCheck.Xunit;

namespace AiRouter.Tests.Telemetry.Access;

public sealed class TenthsTests
{
    [Theory]
    [InlineData(null, "-")]
    [InlineData(0d, "0.0")]
    [InlineData(0.04, "0.0")]
    [InlineData(0.25, "0.3")]
    [InlineData(9.96, "10.0")]
    [InlineData(123456789.06, "123456789.1")]
    public void Milliseconds_have_one_digit_behind_the_point(double? milliseconds, string text) => AssertWritten(text, new Tenths(milliseconds));

    [Property]
    public void Times_of_the_clock_are_rounded_to_the_nearest_tenth(uint ticks)
    {
        var milliseconds = TimeSpan.FromTicks(ticks).TotalMilliseconds;
        var text = new Tenths(milliseconds).ToString();
        Assert.Matches("^\\d+\\.\\d$", text);
        Assert.Equal(milliseconds, double.Parse(text, CultureInfo.InvariantCulture), tolerance: 0.0500001);
        AssertWritten(text, new Tenths(milliseconds));
    }

    private static void AssertWritten(string text, Tenths tenths)
    {
        Assert.Equal(text, tenths.ToString());
        var utf8 = new byte[text.Length];
        Assert.True(tenths.TryFormat(utf8, out var length, default, null));
        Assert.Equal(text, Encoding.UTF8.GetString(utf8.AsSpan(0, length)));
        Assert.False(tenths.TryFormat(utf8.AsSpan(1), out _, default, null));
    }
}
