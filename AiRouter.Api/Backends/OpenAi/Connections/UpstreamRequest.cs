namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>A request to a backend.</summary>
/// <param name="method">The method.</param>
/// <param name="address">Where it goes.</param>
/// <param name="own">The headers that are the same in each request.</param>
internal sealed class UpstreamRequest(string method, UpstreamAddress address, OwnHeaders own)
{
    // Ten or so in practice; a client can send more of its own.
    private (string Name, string Value)[] _headers = new (string, string)[12];
    private int _count;

    /// <summary>The method.</summary>
    public string Method => method;

    /// <summary>Where it goes.</summary>
    public UpstreamAddress Address => address;

    /// <summary>The headers that are the same in each request.</summary>
    public OwnHeaders Own => own;

    /// <summary>The headers of this request, beside those of <see cref="Own"/> and the body's.</summary>
    public ReadOnlySpan<(string Name, string Value)> Headers => _headers.AsSpan(0, _count);

    /// <summary>The body, or null.</summary>
    public ForwardedContent? Content { get; init; }

    /// <summary>Adds a header, unless the configuration has one of this name or it could not be sent.</summary>
    public void Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value) && !own.Has(name) && OwnHeaders.CanBeSent(value))
        {
            if (_count == _headers.Length)
            {
                Array.Resize(ref _headers, _count * 2);
            }

            _headers[_count++] = (name, value);
        }
    }
}
