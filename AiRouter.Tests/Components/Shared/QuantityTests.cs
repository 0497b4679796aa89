using AiRouter.Admin.Components.Shared;

namespace AiRouter.Tests.Components.Shared;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1.5, "1.5")]
    [InlineData(12.34, "12.3")]
    [InlineData(9.999, "10")]
    [InlineData(99.96, "100")]
    [InlineData(1234, "1,234")]
    [InlineData(9999, "9,999")]
    [InlineData(12345, "12.3k")]
    [InlineData(1_234_567, "1.23M")]
    [InlineData(2e9, "2G")]
    public void Count_in_little_room_reads(double count, string text) => Assert.Equal(text, Quantity.Short(count));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.004, "<0.01")]
    [InlineData(0.25, "0.25")]
    [InlineData(250, "250")]
    public void Rate_reads(double rate, string text) => Assert.Equal(text, Quantity.Rate(rate));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.0004, "<1 ms")]
    [InlineData(0.085, "85 ms")]
    [InlineData(0.9994, "999 ms")]
    [InlineData(0.9996, "1 s")]
    [InlineData(1.25, "1.25 s")]
    [InlineData(99.9, "99.9 s")]
    [InlineData(125.0, "2 min 5 s")]
    public void Time_reads(double? seconds, string text) => Assert.Equal(text, Quantity.Seconds(seconds));

    [Theory]
    [InlineData("0", "$0.00")]
    [InlineData("0.0000001", "<$0.000001")]
    [InlineData("0.00042", "$0.00042")]
    [InlineData("0.0123", "$0.0123")]
    [InlineData("0.5", "$0.50")]
    [InlineData("1234.567", "$1,234.57")]
    [InlineData("-3", "-$3.00")]
    public void Money_reads(string usd, string text) =>
        Assert.Equal(text, Quantity.Usd(decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(0, 0, "–")]
    [InlineData(0, 5, "0 %")]
    [InlineData(1, 8, "12.5 %")]
    [InlineData(1, 10_000, "<0.1 %")]
    [InlineData(5, 5, "100 %")]
    public void Part_reads(long part, long whole, string text) => Assert.Equal(text, Quantity.Percent(part, whole));

    [Fact]
    public void Counts_have_thousands_separators() => Assert.Equal("1,234,567", Quantity.Count(1_234_567));
}
