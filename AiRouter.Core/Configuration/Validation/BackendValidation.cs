using AiRouter.Core.Configuration.Reading;
using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>What must hold about one backend.</summary>
internal static class BackendValidation
{
    // Headers that the connection, the body or the request itself decides.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "content-encoding", "content-length", "content-type", "expect", "grpc-timeout", "host", "keep-alive",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    };

    public static void Check(BackendConfig backend, ConfigPath path, bool readsFiles, ProblemList problems)
    {
        CheckUrl(backend.Url, path["url"], problems, query: false);
        CheckUrl(backend.LoadSignal?.Url, path["loadSignal"]["url"], problems, query: true);
        CheckApiKey(backend, path["apiKey"], problems);
        CheckPaths(backend, path["paths"], problems);
        CheckHeaders(backend, path["headers"], problems);
        TlsValidation.Check(backend, path["tls"], readsFiles, problems);
        CheckKind(backend, path, problems);
    }

    private static void CheckUrl(Uri? url, ConfigPath path, ProblemList problems, bool query)
    {
        if (url is null)
        {
            return;
        }

        if (url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            problems.Add(path, "must begin with http:// or https:// and a host");
        }
        else if (url.UserInfo.Length > 0)
        {
            problems.Add(path, "must have no user or password in it: use apiKey or headers");
        }
        else if (url.Fragment.Length > 0 || (!query && url.Query.Length > 0))
        {
            problems.Add(path, query ? "must have no # part" : "must have no ? or # part");
        }
    }

    private static void CheckApiKey(BackendConfig backend, ConfigPath path, ProblemList problems)
    {
        if (backend.ApiKey is not { } apiKey)
        {
            return;
        }

        switch (SecretReference.Parse(apiKey).Kind)
        {
            case SecretKind.Literal:
                problems.Add(path, "must not be the key itself: put the key into an environment variable and write " +
                    "env:AIROUTER_SECRET_NAME, or into a file of the secrets folder and write file:NAME, or write forward " +
                    "to pass the client's own on; the management API takes a key itself and encrypts it");
                break;
            case SecretKind.Forward when backend.Kind == BackendKind.Triton:
                problems.Add(path, "cannot be forward for a Triton backend: clients have no credential for it");
                break;
        }
    }

    private static void CheckPaths(BackendConfig backend, ConfigPath path, ProblemList problems)
    {
        foreach (var (from, url) in backend.Paths)
        {
            if (!from.StartsWith('/') || from.Contains('?') || from.Contains('#'))
            {
                problems.Add(path[from], "the key must be a path that begins with /, such as /v1/audio/transcriptions");
            }

            CheckUrl(url, path[from], problems, query: true);
        }
    }

    private static void CheckHeaders(BackendConfig backend, ConfigPath path, ProblemList problems)
    {
        foreach (var (name, value) in backend.Headers)
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c)))
            {
                problems.Add(path[name], "this is no name of a header");
            }
            else if (Reserved.Contains(name))
            {
                problems.Add(path[name], "this header is set by the router itself");
            }

            if (value is null || SecretReference.Parse(value).Kind is SecretKind.Environment or SecretKind.File or SecretKind.Encrypted)
            {
                continue;
            }

            if (StoredCredentials.IsCredentialHeader(name))
            {
                problems.Add(path[name], "must not be the credential itself: write env:AIROUTER_SECRET_NAME or file:NAME");
            }
            else if (value.Any(c => c is < ' ' or > '~'))
            {
                problems.Add(path[name], "has characters in it that no header can carry");
            }
        }
    }

    // What one kind of backend has no use for would be silently ignored.
    private static void CheckKind(BackendConfig backend, ConfigPath path, ProblemList problems)
    {
        var standard = new BackendConfig { Url = backend.Url };
        if (backend.Kind == BackendKind.Triton)
        {
            Refuse("paths", backend.Paths.Count > 0, "openai");
            if (backend.Probe.Path is not null)
            {
                problems.Add(path["probe"]["path"], "only a backend of kind openai has this");
            }
        }
        else
        {
            Refuse("connections", backend.Connections != standard.Connections, "triton");
            Refuse("maxMessageMiB", backend.MaxMessageMiB != standard.MaxMessageMiB, "triton");
            Refuse("loadSignal", backend.LoadSignal is not null, "triton");
        }

        Refuse("streamUsage", backend.Kind != BackendKind.OpenAi && backend.StreamUsage != standard.StreamUsage, "openai");
        Refuse("messages", backend.Kind != BackendKind.OpenAi && backend.Messages, "openai");

        void Refuse(string name, bool given, string kind)
        {
            if (given)
            {
                problems.Add(path[name], $"only a backend of kind {kind} has this");
            }
        }
    }
}
