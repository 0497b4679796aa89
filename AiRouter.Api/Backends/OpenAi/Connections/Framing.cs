namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>How a body's end is known (RFC 9112, 6.3).</summary>
internal enum BodyEnd
{
    /// <summary>There is no body.</summary>
    None,

    /// <summary>Its length was told.</summary>
    Length,

    /// <summary>The last chunk.</summary>
    Chunks,

    /// <summary>The connection's.</summary>
    Connection,
}

/// <summary>How long a body is, and what becomes of its connection.</summary>
/// <param name="End">How its end is known.</param>
/// <param name="Length">Its length, where that was told.</param>
/// <param name="Closes">The connection cannot be used again.</param>
internal readonly record struct Framing(BodyEnd End, long Length, bool Closes)
{
    /// <summary>The framing of an answer to a request.</summary>
    public static Framing Of(string method, in ResponseHead head) => head switch
    {
        { Status: 101 } => new Framing(BodyEnd.None, 0, Closes: true),
        { Status: 204 or 304 } => new Framing(BodyEnd.None, 0, head.Closes),
        _ when method == "HEAD" => new Framing(BodyEnd.None, 0, head.Closes),
        { IsChunked: true } => new Framing(BodyEnd.Chunks, 0, head.Closes),
        { ContentLength: { } length } => new Framing(length == 0 ? BodyEnd.None : BodyEnd.Length, length, head.Closes),
        _ => new Framing(BodyEnd.Connection, 0, Closes: true),
    };
}
