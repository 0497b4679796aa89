namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>The head of an answer, and its body as it comes. Disposing it gives the connection back, or closes it.</summary>
internal abstract class UpstreamResponse : IDisposable
{
    /// <summary>The status.</summary>
    public abstract int Status { get; }

    /// <summary>It is a success.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>How many bytes the body has; null: not known before its end.</summary>
    public abstract long? ContentLength { get; }

    /// <summary>
    /// The body as it was sent. A read into no memory waits until there is something to read.
    /// It is ended by the caller of <see cref="Dispose"/>; disposing it does nothing.
    /// </summary>
    public abstract Stream Body { get; }

    /// <summary>A header as it was sent, of several with this name all, separated by commas; null: there is none.</summary>
    public abstract string? Header(ResponseHeader header);

    /// <inheritdoc/>
    public abstract void Dispose();
}
