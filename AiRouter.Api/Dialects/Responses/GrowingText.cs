using System.Buffers;
using System.Text;
using System.Text.Json;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>Text that grows piece by piece, in UTF-8 as it goes out: it is repeated whole up to four times.</summary>
internal sealed class GrowingText
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Utf8 => _bytes.WrittenSpan;

    /// <summary>Adds well-formed text.</summary>
    public void Add(string text) => Encoding.UTF8.GetBytes(text, _bytes);

    /// <summary>Adds text as it stands in JSON.</summary>
    /// <param name="quoted">A JSON string with its quotes.</param>
    /// <param name="added">What was added; valid until more is.</param>
    /// <returns>False, and nothing added: it is too long for one event, or has what is no text.</returns>
    public bool TryAdd(ReadOnlySpan<byte> quoted, out ReadOnlySpan<byte> added)
    {
        added = default;
        if (quoted.Length > TextPieces.MaxLength || !System.Text.Unicode.Utf8.IsValid(quoted) || HasSurrogate(quoted))
        {
            return false;
        }

        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        var length = reader.CopyString(_bytes.GetSpan(quoted.Length));
        _bytes.Advance(length);
        added = _bytes.WrittenSpan[^length..];
        return true;
    }

    // Half a pair is no text, and whether it has its other half is a question for others.
    private static bool HasSurrogate(ReadOnlySpan<byte> quoted) =>
        quoted.IndexOf(@"\ud"u8) >= 0 || quoted.IndexOf(@"\uD"u8) >= 0;
}
