namespace AiRouter.Core.Configuration;

/// <summary>Where at a backend that is asked over HTTP a path is. The backend's URL stands for <c>/v1</c>.</summary>
public static class BackendUrl
{
    /// <summary>The address for <paramref name="path"/> (behind the base path, escaped).</summary>
    public static Uri For(BackendConfig backend, string path) => Override(backend, path) ?? Join(backend.Url, path);

    private static Uri? Override(BackendConfig backend, string path)
    {
        foreach (var (key, address) in backend.Paths)
        {
            if (Normalized(key).Equals(Normalized("/v1" + path), StringComparison.Ordinal))
            {
                return address;
            }
        }

        return null;
    }

    private static ReadOnlySpan<char> Normalized(string path) => path.AsSpan().Trim('/');

    private static Uri Join(Uri backend, string path)
    {
        var builder = new UriBuilder(backend);
        return new Uri(
            builder.Uri.GetLeftPart(UriPartial.Authority) + builder.Path.TrimEnd('/') + "/" + path.TrimStart('/') + builder.Query);
    }
}
