using AiRouter.Api.Commands.Import.Reading;

namespace AiRouter.Api.Commands.Import;

/// <summary>Addresses of files: without what may be a secret in them.</summary>
internal static class ImportedUrl
{
    /// <summary>Stands for an address that somebody has to set.</summary>
    public static readonly Uri Unknown = new("http://set-me.invalid");

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

    /// <summary>The address that a value is, or that a variable has which the value names.</summary>
    /// <param name="at">The value.</param>
    /// <param name="secrets">Knows how variables are named.</param>
    /// <param name="valueOf">Knows their values.</param>
    /// <returns>The address, null when it is none, which is told; and the variable that has it, when nobody knows what that has.</returns>
    public static (Uri? Url, string? Missing) Read(SourceValue at, ImportedSecrets secrets, Func<string, string?> valueOf)
    {
        if (secrets.VariableOf(at.Text) is not { } variable)
        {
            return (Read(at.Text, at), null);
        }

        return valueOf(variable) is { Length: > 0 } value ? (Read(value, at), null) : (Unknown, variable);
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
