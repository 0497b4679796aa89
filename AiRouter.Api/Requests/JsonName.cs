using System.Text.Json;

namespace AiRouter.Api.Requests;

/// <summary>Compares names of members in JSON that a backend wrote.</summary>
internal static class JsonName
{
    /// <summary>
    /// Whether the reader stands on this name, escapes resolved. Other than <see cref="Utf8JsonReader.ValueTextEquals(ReadOnlySpan{byte})"/>
    /// it does not throw for names with half a surrogate pair: they are equal to nothing.
    /// </summary>
    public static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.SequenceEqual(name);
        }

        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            // The documented answer to a lone surrogate.
            return false;
        }
    }
}
