using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AiRouter.ServiceDefaults;

/// <summary>How people say where one of our processes listens.</summary>
public static class ListeningSetting
{
    private static readonly string[] _prefixes = ["ASPNETCORE_", "DOTNET_"];
    private static readonly string[] _settings = ["urls", "http_ports", "https_ports"];

    /// <summary>Has the process listen there when nobody says where.</summary>
    public static void ListenByDefault(this WebApplicationBuilder builder, string url)
    {
        if (_settings.All(name => string.IsNullOrEmpty(builder.Configuration[name])))
        {
            builder.WebHost.UseUrls(url);
        }
    }

    /// <summary>The addresses that the environment names, parted by semicolons.</summary>
    /// <param name="environment">Variables; null for those of this process.</param>
    /// <param name="otherwise">What the process does when none is set.</param>
    public static string Of(IReadOnlyDictionary<string, string>? environment, string otherwise)
    {
        foreach (var prefix in _prefixes)
        {
            if (Value(environment, prefix + "URLS") is { } urls)
            {
                return urls;
            }

            if (Value(environment, prefix + "HTTP_PORTS") is { } ports)
            {
                return string.Join(';', ports.Split(';', StringSplitOptions.TrimEntries).Select(static port => $"http://+:{port}"));
            }
        }

        return otherwise;
    }

    private static string? Value(IReadOnlyDictionary<string, string>? environment, string name) =>
        (environment is null ? Environment.GetEnvironmentVariable(name) : environment.GetValueOrDefault(name)) is { Length: > 0 } value
            ? value
            : null;
}
