using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>
/// Reads status line and headers out of the bytes that a backend sends (RFC 9112), as they come. What is remembered is places in the
/// buffer: no string is made of a header before somebody asks for it. Whatever could be understood in two ways is refused.
/// </summary>
internal struct ResponseHead
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private Slots _slots;
    private int _line;
    private int _scanned;
    private bool _hasLength;
    private bool _hasEncoding;
    private bool _isOld;
    private bool _saysClose;
    private bool _saysKeep;

    /// <summary>The status; 0 before its line has come.</summary>
    public int Status { get; private set; }

    /// <summary>What <c>Content-Length</c> says; null: there is none.</summary>
    public long? ContentLength { get; private set; }

    /// <summary>The body comes in chunks.</summary>
    public readonly bool IsChunked => _hasEncoding;

    /// <summary>
    /// The connection cannot be used again, for what the head says. Chunks count and not a length beside them; but somebody on the way
    /// may see it the other way round, and the same goes for chunks over HTTP/1.0.
    /// </summary>
    public readonly bool Closes => _saysClose || (_isOld && (!_saysKeep || _hasEncoding)) || (_hasLength && _hasEncoding);

    /// <summary>For how many seconds the backend keeps an idle connection; null: it does not say.</summary>
    public int? KeepAlive { get; private set; }

    /// <summary>How long the head is, once it is whole.</summary>
    public int Length { get; private set; }

    /// <summary>Reads on. True: the head is whole.</summary>
    /// <param name="received">All that has come; folded lines are unfolded in it.</param>
    /// <exception cref="HttpRequestException">It is no HTTP.</exception>
    public bool TryRead(Span<byte> received)
    {
        while (true)
        {
            var end = received[_scanned..].IndexOf((byte)'\n');
            if (end < 0)
            {
                _scanned = received.Length;
                CheckBeginning(received);
                return false;
            }

            end += _scanned;
            var line = received[_line..end];
            line = line is [.., (byte)'\r'] ? line[..^1] : line;
            if (Status == 0)
            {
                ReadStatus(line);
            }
            else if (line.IsEmpty)
            {
                Length = end + 1;
                return true;
            }
            else if (end + 1 == received.Length)
            {
                // Whether the next line goes on with this one is not known yet.
                return false;
            }
            else if (received[end + 1] is (byte)' ' or (byte)'\t')
            {
                received[(_line + line.Length)..(end + 1)].Fill((byte)' ');
                _scanned = end + 1;
                continue;
            }
            else
            {
                ReadHeader(line);
            }

            _line = _scanned = end + 1;
        }
    }

    /// <summary>The place of a header's value; null: there is none.</summary>
    public readonly Range? PlaceOf(ResponseHeader header) => _slots[(int)header] is { Start: > 0 } slot
        ? slot.Start..(slot.Start + slot.Length)
        : null;

    /// <summary>Several lines have this name: their values have to be gathered.</summary>
    public readonly bool IsRepeated(ResponseHeader header) => _slots[(int)header].IsRepeated;

    /// <summary>The values of all lines with this name.</summary>
    /// <param name="head">The whole head.</param>
    /// <param name="name">The name.</param>
    public static string Gather(ReadOnlySpan<byte> head, string name)
    {
        var values = new StringBuilder();
        foreach (var line in head.Split((byte)'\n'))
        {
            var text = head[line];
            if (text.IndexOf((byte)':') is > 0 and var colon &&
                Ascii.EqualsIgnoreCase(text[..colon].TrimEnd(" \t"u8), name))
            {
                values.Append(values.Length > 0 ? ", " : "").Append(Encoding.Latin1.GetString(text[(colon + 1)..].Trim(" \t\r"u8)));
            }
        }

        return values.ToString();
    }

    /// <summary>An exception for what is no HTTP. Its message holds nothing of what was sent.</summary>
    public static HttpRequestException Invalid(string what) =>
        new(HttpRequestError.InvalidResponse, $"The backend's answer has {what}.");

    // Something else than HTTP need not have a line end: it is refused as soon as it is seen.
    private readonly void CheckBeginning(ReadOnlySpan<byte> received)
    {
        var begun = received[..Math.Min(received.Length, 7)];
        if (Status == 0 && !"HTTP/1."u8.StartsWith(begun))
        {
            throw Invalid("no status line");
        }
    }

    private void ReadStatus(ReadOnlySpan<byte> line)
    {
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || !char.IsAsciiDigit((char)line[7]) || line[8] != ' ' ||
            (line.Length > 12 && line[12] != ' ') || line.ContainsAny((byte)'\0', (byte)'\r') ||
            !Utf8Parser.TryParse(line[9..12], out int status, out var digits) || digits != 3 || status < 100)
        {
            throw Invalid("a status line that is none");
        }

        Status = status;
        _isOld = line[7] == '0';
    }

    private void ReadHeader(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? default : line[..colon].TrimEnd(" \t"u8);
        if (name.IsEmpty || name.ContainsAnyExcept(NameBytes) || line.ContainsAny((byte)'\0', (byte)'\r'))
        {
            throw Invalid("a header line that is none");
        }

        var rest = line[(colon + 1)..].TrimStart(" \t"u8);
        var value = rest.TrimEnd(" \t"u8);
        switch (name.Length)
        {
            case 14 when Ascii.EqualsIgnoreCase(name, "Content-Length"u8):
                ReadLength(value);
                break;
            case 17 when Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8):
                ReadEncoding(value);
                break;
            case 10 when Ascii.EqualsIgnoreCase(name, "Connection"u8):
                ReadConnection(value);
                break;
            case 10 when Ascii.EqualsIgnoreCase(name, "Keep-Alive"u8):
                ReadKeepAlive(value);
                break;
            default:
                if (Known(name) is { } header)
                {
                    Remember(header, _line + line.Length - rest.Length, value.Length);
                }

                break;
        }
    }

    private void Remember(ResponseHeader header, int start, int length)
    {
        ref var slot = ref _slots[(int)header];
        slot = slot.Start > 0
            ? slot with { IsRepeated = true }
            : new Slot(start, length, IsRepeated: false);
    }

    // Digits and nothing else, and the same in each line: what two readers could take for two lengths is no length.
    private void ReadLength(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9') ||
            !Utf8Parser.TryParse(value, out long length, out var digits) || digits != value.Length ||
            (_hasLength && length != ContentLength))
        {
            throw Invalid("a Content-Length that is none");
        }

        _hasLength = true;
        ContentLength = length;
    }

    private void ReadEncoding(ReadOnlySpan<byte> value)
    {
        if (_hasEncoding || !Ascii.EqualsIgnoreCase(value, "chunked"u8))
        {
            throw Invalid("a Transfer-Encoding other than chunked");
        }

        _hasEncoding = true;
    }

    private void ReadConnection(ReadOnlySpan<byte> value)
    {
        foreach (var place in value.Split((byte)','))
        {
            var option = value[place].Trim(" \t"u8);
            _saysClose |= Ascii.EqualsIgnoreCase(option, "close"u8);
            _saysKeep |= Ascii.EqualsIgnoreCase(option, "keep-alive"u8);
        }
    }

    private void ReadKeepAlive(ReadOnlySpan<byte> value)
    {
        foreach (var place in value.Split((byte)','))
        {
            var option = value[place].Trim(" \t"u8);
            if (option.Length > 8 && Ascii.EqualsIgnoreCase(option[..8], "timeout="u8) &&
                Utf8Parser.TryParse(option[8..], out int seconds, out var digits) && digits == option.Length - 8 && seconds >= 0)
            {
                KeepAlive = seconds;
            }
        }
    }

    private static ResponseHeader? Known(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when Ascii.EqualsIgnoreCase(name, "Date"u8) => ResponseHeader.Date,
        11 when Ascii.EqualsIgnoreCase(name, "Retry-After"u8) => ResponseHeader.RetryAfter,
        12 when Ascii.EqualsIgnoreCase(name, "Content-Type"u8) => ResponseHeader.ContentType,
        14 when Ascii.EqualsIgnoreCase(name, "openai-version"u8) => ResponseHeader.ApiVersion,
        14 when Ascii.EqualsIgnoreCase(name, "retry-after-ms"u8) => ResponseHeader.RetryAfterMilliseconds,
        14 when Ascii.EqualsIgnoreCase(name, "x-should-retry"u8) => ResponseHeader.ShouldRetry,
        16 when Ascii.EqualsIgnoreCase(name, "Content-Encoding"u8) => ResponseHeader.ContentEncoding,
        19 when Ascii.EqualsIgnoreCase(name, "Content-Disposition"u8) => ResponseHeader.ContentDisposition,
        20 when Ascii.EqualsIgnoreCase(name, "openai-processing-ms"u8) => ResponseHeader.ProcessingTime,
        _ => null,
    };

    /// <summary>Where a value is; a start of 0 is none, since the status line stands there.</summary>
    private readonly record struct Slot(int Start, int Length, bool IsRepeated);

    [InlineArray(ResponseHeaderNames.Count)]
    private struct Slots
    {
        private Slot _first;
    }
}
