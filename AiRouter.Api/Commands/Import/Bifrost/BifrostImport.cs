using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.Bifrost;

/// <summary>Bifrost: its <c>config.json</c> (docs/coming-from/bifrost.md).</summary>
internal sealed class BifrostImport : IImport
{
    public string Name => "bifrost";

    public string Title => "Bifrost's config.json";

    public SourceSyntax Syntax => SourceSyntax.Json;

    public string? VariableMarker => "env.";

    public IReadOnlyDictionary<string, string> Reasons => BifrostReasons.ByName;

    public bool Recognises(SourceValue root) => root.Has("providers") || root.Has("governance") || root.Has("config_store");

    public void Import(ImportTask task)
    {
        var root = task.Root;
        root.Take("$schema");

        // Version 1: an empty list of models is all of them; later it is none.
        var emptyIsAll = root.TakeInt("version", 1, 2) == 1;
        var governance = root.TakeMap("governance");
        var providers = new BifrostProviders(task, governance, emptyIsAll);
        providers.Import();
        if (governance is not null)
        {
            new BifrostKeys(task, governance, providers, emptyIsAll).Import();
        }

        var isKeyWanted = root.TakeMap("client") is { } client && ImportClient(client, task.Imported);
        if (!isKeyWanted && task.Imported.Keys.Count > 0)
        {
            var at = root.Find("client") ?? root;
            at.Notes.AddByHand(
                at, "requests without a key were let in there; here everybody needs one as soon as there is a key: " +
                "server.authentication: optional lets them in");
        }
    }

    // Whether everybody needs a key.
    private static bool ImportClient(SourceValue client, ImportedConfiguration imported)
    {
        var origins = client.TakeTexts("allowed_origins");
        var old = client.TakeFlag("enforce_governance_header");
        var isKeyWanted = client.TakeFlag("enforce_auth_on_inference") ?? old;
        imported.Server = imported.Server with
        {
            CorsOrigins = origins.Count > 0 && !origins.Contains("*") ? origins : imported.Server.CorsOrigins,
            MaxBodyMiB = client.TakeInt("max_request_body_size_mb", 1, 1024) ?? imported.Server.MaxBodyMiB,
            Authentication = isKeyWanted is true ? AuthenticationMode.Required : imported.Server.Authentication,
        };
        return isKeyWanted is true;
    }
}
