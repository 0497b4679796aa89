using System.Globalization;
using System.Text;
using AiRouter.Api.Streaming;

namespace AiRouter.Tests.Streaming;

public sealed class FloatTextTests
{
    [Theory]
    [InlineData(0f, "0")]
    [InlineData(-0f, "-0")]
    [InlineData(1f, "1")]
    [InlineData(-0.1f, "-0.1")]
    [InlineData(0.0001f, "0.0001")]
    [InlineData(0.00001f, "1E-05")]
    [InlineData(1.5e-5f, "1.5E-05")]
    [InlineData(0.3f, "0.3")]
    [InlineData(123.456f, "123.456")]
    [InlineData(100_000_000f, "100000000")]
    [InlineData(1_000_000_000f, "1E+09")]
    [InlineData(16_777_216f, "16777216")]
    [InlineData(float.Epsilon, "1E-45")]
    [InlineData(float.MaxValue, "3.4028235E+38")]
    [InlineData(float.MinValue, "-3.4028235E+38")]
    [InlineData(-1.17549435E-38f, "-1.1754944E-38")]
    public void Text_is_the_shortest_that_reads_back(float value, string text)
    {
        var bytes = new byte[FloatText.MostBytes];

        Assert.Equal(text, Encoding.ASCII.GetString(bytes, 0, FloatText.Write(bytes, value)));
    }

    [Fact]
    public void Text_is_the_runtimes_around_every_power_of_two()
    {
        for (var exponent = 0u; exponent < 255; exponent++)
        {
            for (var near = -200; near <= 200; near++)
            {
                Check(unchecked((exponent << 23) + (uint)near));
            }
        }
    }

    [Fact]
    public void Text_is_the_runtimes_for_short_decimals_and_whole_numbers()
    {
        for (var exponent = -45; exponent < 39; exponent++)
        {
            for (var digits = 1; digits < 1_000; digits++)
            {
                Check(BitConverter.SingleToUInt32Bits((float)(digits * Math.Pow(10, exponent))));
            }
        }

        for (var number = 0; number < 200_000; number++)
        {
            Check(BitConverter.SingleToUInt32Bits(number * 83));
        }
    }

    [Fact]
    public void Text_is_the_runtimes_for_millions_of_numbers()
    {
        var random = new Random(33);
        for (var i = 0; i < 1_000_000; i++)
        {
            Check((uint)random.NextInt64(1L << 32));

            // Where the numbers of embeddings are.
            Check(BitConverter.SingleToUInt32Bits((random.NextSingle() - 0.5f) / 8));
        }
    }

    private static void Check(uint bits)
    {
        var value = BitConverter.UInt32BitsToSingle(bits);
        if (!float.IsFinite(value))
        {
            return;
        }

        Span<byte> ours = stackalloc byte[FloatText.MostBytes + 1];
        Span<byte> theirs = stackalloc byte[FloatText.MostBytes];
        value.TryFormat(theirs, out var expected, default, CultureInfo.InvariantCulture);
        var length = FloatText.Write(ours, value);
        if (!ours[..length].SequenceEqual(theirs[..expected]))
        {
            Assert.Equal(Encoding.ASCII.GetString(theirs[..expected]), Encoding.ASCII.GetString(ours[..length]));
        }
    }
}
