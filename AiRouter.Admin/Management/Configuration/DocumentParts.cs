using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>Entries of the document by name: backends or models.</summary>
/// <typeparam name="T">What each is.</typeparam>
/// <param name="Section">The section, as in the document and in paths.</param>
/// <param name="Singular">What one is called.</param>
/// <param name="Get">All of them.</param>
/// <param name="With">The document with others.</param>
internal sealed record EntrySection<T>(
    string Section,
    string Singular,
    Func<RouterConfig, IReadOnlyDictionary<string, T>> Get,
    Func<RouterConfig, IReadOnlyDictionary<string, T>, RouterConfig> With)
    where T : class
{
    /// <summary>The document with one entry put, or removed when <paramref name="value"/> is null.</summary>
    public RouterConfig WithEntry(RouterConfig config, string name, T? value)
    {
        var entries = Get(config).ToDictionary(StringComparer.Ordinal);
        if (value is null)
        {
            entries.Remove(name);
        }
        else
        {
            entries[name] = value;
        }

        return With(config, entries);
    }
}

/// <summary>A section of the document that is one record.</summary>
/// <typeparam name="T">The record.</typeparam>
/// <param name="Section">The section, as in the document.</param>
/// <param name="Path">Where it is in the API.</param>
/// <param name="Get">The record.</param>
/// <param name="With">The document with another.</param>
public sealed record RecordSection<T>(string Section, string Path, Func<RouterConfig, T> Get, Func<RouterConfig, T, RouterConfig> With)
    where T : class, new();

/// <summary>The parts of the document that can be changed one by one.</summary>
internal static class DocumentParts
{
    /// <summary>Backends.</summary>
    public static EntrySection<BackendConfig> Backends { get; } = new(
        "backends", "backend", static c => c.Backends, static (c, entries) => c with { Backends = entries });

    /// <summary>Models.</summary>
    public static EntrySection<ModelConfig> Models { get; } = new(
        "models", "model", static c => c.Models, static (c, entries) => c with { Models = entries });

    /// <summary>Default models.</summary>
    public static RecordSection<DefaultsConfig> Defaults { get; } = new(
        "defaults", "/defaults", static c => c.Defaults, static (c, value) => c with { Defaults = value });

    /// <summary>Limits of everything together.</summary>
    public static RecordSection<GlobalLimitsConfig> Limits { get; } = new(
        "limits", "/limits/global", static c => c.Limits, static (c, value) => c with { Limits = value });

    /// <summary>What is remembered of requests.</summary>
    public static RecordSection<MeteringConfig> Metering { get; } = new(
        "metering", "/metering", static c => c.Metering, static (c, value) => c with { Metering = value });

    /// <summary>The listener's settings.</summary>
    public static RecordSection<ServerConfig> Server { get; } = new(
        "server", "/server", static c => c.Server, static (c, value) => c with { Server = value });
}
