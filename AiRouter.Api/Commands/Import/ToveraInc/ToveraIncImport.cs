using System.Collections.Frozen;
using System.Net;
using AiRouter.Api.Commands.Import.Reading;

namespace AiRouter.Api.Commands.Import.ToveraInc;

/// <summary>The original ai-router: its TOML (docs/coming-from/ai-router.md).</summary>
internal sealed class ToveraIncImport : IImport
{
    public string Name => "toverainc";

    public string Title => "the original ai-router's config.toml";

    public SourceSyntax Syntax => SourceSyntax.Toml;

    public string? VariableMarker => null;

    public IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["title"] = "a configuration has no title here",
        ["instance_id"] = "service.instance.id is made at each start; OTEL_RESOURCE_ATTRIBUTES sets it",
        ["mode"] = "it meant nothing: Triton is asked by gRPC",
        ["template_dir"] = "templates are found in the folder prompt-formats beside the file, or in AIROUTER_PROMPT_FORMATS",
        ["prompt_models"] = "promptFormat at each model says it",
        ["max_input"] = "it meant nothing here: maxInputTokens is a model's",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public bool Recognises(SourceValue root) => root.Has("backends") || root.Has("daemon");

    public void Import(ImportTask task)
    {
        var backends = new ToveraIncBackends(task);
        backends.Import();
        new ToveraIncModels(task, backends).Import();
        ImportDaemon(task);
    }

    private static void ImportDaemon(ImportTask task)
    {
        if (task.Root.TakeMap("daemon") is not { } daemon)
        {
            return;
        }

        var imported = task.Imported;
        imported.Server = imported.Server with
        {
            MaxBodyMiB = daemon.TakeInt("max_body_size", 1, 1024) ?? imported.Server.MaxBodyMiB,
        };
        ImportListener(daemon);
        if (daemon.Take("otlp_endpoint") is { } collector)
        {
            collector.Notes.AddByHand(collector, "set OTLP_ENDPOINT, where the router starts, to what stands here");
        }

        ImportKeys(daemon, imported);
    }

    private static void ImportListener(SourceValue daemon)
    {
        var port = daemon.TakeInt("listen_port", 1, 65_535) ?? 3000;
        if (daemon.Take("listen_ip") is { } address)
        {
            var ip = IPAddress.TryParse(address.Text, out var parsed) ? parsed : IPAddress.Any;
            address.Notes.AddByHand(address, $"set ASPNETCORE_URLS=http://{new IPEndPoint(ip, port)} where the router starts");
        }
    }

    // One, several or none; nobody ever asked for them there.
    private static void ImportKeys(SourceValue daemon, ImportedConfiguration imported)
    {
        if (daemon.Take("api_key") is not { } keys)
        {
            daemon.Notes.AddByHand(
                daemon, "no client needs a key there; here a router that others can reach wants one: declare keys, or set " +
                "server.authentication: none");
            return;
        }

        var all = (keys.Kind == SourceKind.List ? daemon.TakeList("api_key") : [keys])
            .Where(static k => k is { IsScalar: true, Text.Length: > 0 }).ToList();
        for (var i = 0; i < all.Count; i++)
        {
            imported.AddSecretKey($"client-{i + 1}", all[i].Text, all[i]);
        }

        if (all.Count > 0)
        {
            keys.Notes.Add(keys, "client keys are declared by their hashes; the original never asked for them, AiRouter does");
        }
    }
}
