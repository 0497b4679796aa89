using System.Text;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Requests;

/// <summary>Finds the parts of a multipart body by offset, in one pass over it; contents are not looked at.</summary>
internal sealed class MultipartScanner(SpooledBytes bytes, string boundary)
{
    private const int MaxParts = 1024;
    private const int MaxHeaders = 16 * 1024;
    private const int WindowSize = 64 * 1024;

    private readonly byte[] _delimiter = Encoding.UTF8.GetBytes("\r\n--" + boundary);
    private readonly byte[] _window = new byte[WindowSize];
    private readonly List<MultipartPart> _parts = [];

    /// <summary>The parts, or why the body is none.</summary>
    public async ValueTask<(IReadOnlyList<MultipartPart> Parts, ApiError? Error)> ScanAsync(CancellationToken cancellationToken)
    {
        // The first delimiter has no line break before it when nothing stands before it.
        var start = await StartsAtAsync(0, _delimiter.AsMemory(2), cancellationToken)
            ? 0
            : await FindAsync(0, cancellationToken) + 2;
        var after = start + _delimiter.Length - 2;
        while (start >= 0)
        {
            if (await StartsAtAsync(after, "--"u8.ToArray(), cancellationToken))
            {
                return (_parts, null);
            }

            if (_parts.Count == MaxParts)
            {
                return (_parts, Bad($"it has more than {MaxParts} parts"));
            }

            var headEnd = await ReadHeadAsync(after, cancellationToken);
            if (headEnd.Disposition is not { } disposition)
            {
                return (_parts, Bad($"part {_parts.Count + 1} has no readable 'Content-Disposition: form-data; name=…'"));
            }

            var end = await FindAsync(headEnd.At - 2, cancellationToken);
            if (end < 0)
            {
                break;
            }

            if (end < headEnd.At)
            {
                // Legal, but written by no client, and read in two ways by servers.
                return (_parts, Bad($"part {_parts.Count + 1} has no content"));
            }

            _parts.Add(new MultipartPart(disposition.Name, disposition.IsFile, start, headEnd.At, end - headEnd.At));
            start = end + 2;
            after = end + _delimiter.Length;
        }

        return (_parts, Bad("it does not end with its closing boundary"));
    }

    private async ValueTask<bool> StartsAtAsync(long at, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken)
    {
        if (at + expected.Length > bytes.Length)
        {
            return false;
        }

        await bytes.ReadAtAsync(at, _window.AsMemory(0, expected.Length), cancellationToken);
        return _window.AsSpan(0, expected.Length).SequenceEqual(expected.Span);
    }

    /// <summary>Where the next delimiter begins (at its line break), or -3: so far before the body that no sum reaches it.</summary>
    private async ValueTask<long> FindAsync(long from, CancellationToken cancellationToken)
    {
        // The longest thing looked for: the delimiter and the two characters that tell what it is.
        var needed = _delimiter.Length + 2;
        while (from + _delimiter.Length <= bytes.Length)
        {
            var read = await bytes.ReadAtAsync(from, _window, cancellationToken);
            var found = IndexOfDelimiter(_window.AsSpan(0, read), isLast: from + read == bytes.Length);
            if (found >= 0)
            {
                return from + found;
            }

            if (from + read == bytes.Length)
            {
                break;
            }

            from += read - needed;
        }

        return -3;
    }

    /// <summary>A boundary that another text merely begins with is none: it is followed by a line end, blanks or "--".</summary>
    private int IndexOfDelimiter(ReadOnlySpan<byte> window, bool isLast)
    {
        var at = 0;
        while (window[at..].IndexOf(_delimiter) is >= 0 and var found)
        {
            at += found;
            var behind = window[(at + _delimiter.Length)..];
            if (behind.Length < 2 ? isLast : behind.StartsWith("--"u8) || IsDelimiterEnd(behind))
            {
                return at;
            }

            at++;
        }

        return -1;
    }

    private static bool IsDelimiterEnd(ReadOnlySpan<byte> behind) =>
        behind.StartsWith("\r\n"u8) || behind[0] is (byte)' ' or (byte)'\t';

    /// <summary>Reads the head of a part; <c>At</c> is where its content begins.</summary>
    private async ValueTask<(long At, (string Name, bool IsFile)? Disposition)> ReadHeadAsync(
        long at, CancellationToken cancellationToken)
    {
        var read = await bytes.ReadAtAsync(at, _window.AsMemory(0, (int)Math.Min(MaxHeaders, bytes.Length - at)), cancellationToken);
        var end = _window.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
        if (end < 0 || _window.AsSpan(0, end).IndexOf(_delimiter) >= 0 || !IsDelimiterEnd(_window.AsSpan(0, end + 2)))
        {
            return (0, null);
        }

        (string, bool)? disposition = null;
        foreach (var line in Encoding.UTF8.GetString(_window, 0, end).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Trim().Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
            {
                if (disposition is not null)
                {
                    return (0, null);
                }

                disposition = DispositionReader.Read(line.AsSpan(colon + 1));
            }
        }

        return (at + end + 4, disposition);
    }

    private static ApiError Bad(string why) =>
        new(ErrorCause.InvalidRequest, $"We could not read the multipart body of your request: {why}.");
}
