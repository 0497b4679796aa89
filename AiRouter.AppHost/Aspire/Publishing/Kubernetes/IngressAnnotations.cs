namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>What an ingress controller has to know: streams pass as they come and may be silent for long, bodies may be large
/// (<c>server.maxUploadMiB</c>), and the router has timeouts of its own.</summary>
internal static class IngressAnnotations
{
    /// <summary>For ingress-nginx and F5's NGINX. Others do not buffer unless told to, but have timeouts of their own.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> All { get; } =
    [
        new("nginx.ingress.kubernetes.io/proxy-buffering", "off"),
        new("nginx.ingress.kubernetes.io/proxy-request-buffering", "off"),
        new("nginx.ingress.kubernetes.io/proxy-read-timeout", "3600"),
        new("nginx.ingress.kubernetes.io/proxy-send-timeout", "3600"),
        new("nginx.ingress.kubernetes.io/proxy-body-size", "512m"),
        new("nginx.org/proxy-buffering", "False"),
        new("nginx.org/proxy-read-timeout", "3600s"),
        new("nginx.org/proxy-send-timeout", "3600s"),
        new("nginx.org/client-max-body-size", "512m"),
    ];
}
