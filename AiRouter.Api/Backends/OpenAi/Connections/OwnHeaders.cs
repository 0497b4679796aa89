using System.Collections.Immutable;
using System.Text;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>The headers that each request to one backend has: who asks, with which credential, and what is configured.</summary>
internal sealed class OwnHeaders
{
    private readonly ImmutableArray<KeyValuePair<string, string>> _configured;

    /// <summary>As the backend is configured; what is configured replaces what the router sets.</summary>
    public OwnHeaders(BackendModel backend)
    {
        _configured = backend.Headers;
        List<(string, string)> lines = [];
        Add("Accept-Encoding", "identity");
        Add("User-Agent", "AiRouter");
        if (backend.Credential is { Kind: CredentialKind.Own, Secret: { } secret })
        {
            Add("Authorization", "Bearer " + secret);
        }

        lines.AddRange(_configured.Where(static h => CanBeSent(h.Value)).Select(static h => (h.Key, h.Value)));
        Lines = [.. lines];
        Encoded = Encoding.UTF8.GetBytes(string.Concat(lines.Select(static l => $"{l.Item1}: {l.Item2}\r\n")));

        void Add(string name, string value)
        {
            if (!Has(name) && CanBeSent(value))
            {
                lines.Add((name, value));
            }
        }
    }

    /// <summary>Name by name.</summary>
    public ImmutableArray<(string Name, string Value)> Lines { get; }

    /// <summary>As they go over the wire, each with its line end.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The configuration has a header of this name.</summary>
    public bool Has(string name)
    {
        foreach (var (configured, _) in _configured)
        {
            if (configured.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>False: it would end its line, and be a header (or a request) of its own behind it.</summary>
    public static bool CanBeSent(string value) => value.AsSpan().IndexOfAny('\r', '\n', '\0') < 0;
}
