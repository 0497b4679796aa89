using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiRouter.Api.Requests;

/// <summary>Strings as JSON that goes over the wire.</summary>
internal static class JsonText
{
    private static readonly SearchValues<char> _plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>The string with its quotes; characters beyond ASCII stay as they are.</summary>
    public static byte[] Quote(string text)
    {
        // Names of models, as a rule: three allocations less, on every request twice.
        if (!text.AsSpan().ContainsAnyExcept(_plain))
        {
            var plain = new byte[text.Length + 2];
            plain[0] = plain[^1] = (byte)'"';
            Encoding.ASCII.GetBytes(text, plain.AsSpan(1));
            return plain;
        }

        var encoded = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        var quoted = new byte[encoded.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        encoded.CopyTo(quoted.AsSpan(1));
        return quoted;
    }

    /// <summary>The text of a JSON string; null for one with half a surrogate pair, which is no text.</summary>
    public static string? Unquote(ReadOnlySpan<byte> quoted)
    {
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // The documented answer to a lone surrogate.
            return null;
        }
    }
}
