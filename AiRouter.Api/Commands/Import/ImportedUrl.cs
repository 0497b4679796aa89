using AiRouter.Api.Commands.Import.Reading;

namespace AiRouter.Api.Commands.Import;

/// <summary>Addresses of files: without what may be a secret in them.</summary>
internal static class ImportedUrl
{
    /// <summary>The address that a text is; null: it is none, which is told.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where it stands.</param>
    public static Uri? Read(string text, SourceValue at)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            at.Notes.Add(at, "not imported: an address that begins with http:// or https:// was expected here");
            return null;
        }

        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            at.Notes.AddByHand(at, "a user, a password or what stands behind ? is left out of the address: use apiKey or headers");
        }

        return new Uri(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/'));
    }

    /// <summary>What a backend at an address is called: its host, as short as people say it.</summary>
    public static string NameOf(Uri url)
    {
        var host = url.Host.Trim('[', ']');
        var first = url.HostNameType == UriHostNameType.Dns ? host.Split('.')[0] : host;

        // "localhost" and "api" say too little, an address as much as its port does.
        var isNamed = url.HostNameType == UriHostNameType.Dns && first is not "localhost" and not "api";
        var name = isNamed ? first : url.IsDefaultPort ? host : $"{host}-{url.Port}";
        return string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '-'));
    }
}
