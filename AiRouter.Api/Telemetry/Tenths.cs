using System.Globalization;

namespace AiRouter.Api.Telemetry;

/// <summary>
/// Milliseconds with one digit behind the point, or <c>-</c>, as whole numbers are written: a <see cref="double"/> takes eight times as
/// long, and each request has seven of them in its headers and in the log.
/// </summary>
internal readonly struct Tenths(double? milliseconds) : ISpanFormattable, IUtf8SpanFormattable
{
    /// <inheritdoc/>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<char> text = stackalloc char[32];
        bytesWritten = 0;
        if (!TryFormat(text, out var length, format, provider) || utf8Destination.Length < length)
        {
            return false;
        }

        bytesWritten = System.Text.Encoding.ASCII.GetBytes(text[..length], utf8Destination);
        return true;
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        if (milliseconds is not { } value)
        {
            charsWritten = 1;
            return "-".TryCopyTo(destination);
        }

        var (whole, tenth) = Math.DivRem((long)Math.Round(value * 10, MidpointRounding.AwayFromZero), 10);
        if (!whole.TryFormat(destination, out charsWritten, default, CultureInfo.InvariantCulture) || destination.Length - charsWritten < 2)
        {
            return false;
        }

        destination[charsWritten++] = '.';
        destination[charsWritten++] = (char)('0' + tenth);
        return true;
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => string.Create(CultureInfo.InvariantCulture, stackalloc char[32], $"{this}");

    /// <inheritdoc/>
    public override string ToString() => ToString(null, null);
}
