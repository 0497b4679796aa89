using System.Text.Json;

namespace AiRouter.Api.Objects;

/// <summary>
/// Whether a string of a JSON text stands where an object is referred to: as the value of such a name, in a list of them, or
/// as the <c>id</c> of an object there, at any place in it. One bit for each level that is open.
/// </summary>
internal struct ReferenceScope
{
    private UInt128 _refers;
    private UInt128 _isArray;
    private bool _named;

    /// <summary>A member's name has been read; <paramref name="refers"/>: it is one of those that refer.</summary>
    public void Name(ref readonly Utf8JsonReader reader, bool refers) =>
        _named = refers || (Has(_refers, reader.CurrentDepth) && reader.ValueTextEquals("id"u8));

    /// <summary>An object or a list begins.</summary>
    public void Begin(ref readonly Utf8JsonReader reader)
    {
        var refers = IsReference(in reader);
        var level = UInt128.One << (reader.CurrentDepth + 1);
        _refers = refers ? _refers | level : _refers & ~level;
        _isArray = reader.TokenType == JsonTokenType.StartArray ? _isArray | level : _isArray & ~level;
    }

    /// <summary>Whether the value that has been read, or begins, is a reference.</summary>
    public readonly bool IsReference(ref readonly Utf8JsonReader reader) =>
        Has(_isArray, reader.CurrentDepth) ? Has(_refers, reader.CurrentDepth) : _named && reader.CurrentDepth > 0;

    private static bool Has(UInt128 levels, int depth) => ((levels >> depth) & UInt128.One) != UInt128.Zero;
}
