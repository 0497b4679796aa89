using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands.Import.ToveraInc;

/// <summary>The original's backends.</summary>
internal sealed class ToveraIncBackends(ImportTask task)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The one that models without a backend are at; null: none is.</summary>
    public string? Default { get; private set; }

    /// <summary>Reads all.</summary>
    public void Import()
    {
        var backends = task.Root.TakeMap("backends");
        foreach (var (name, _) in backends?.Members ?? [])
        {
            if (backends!.TakeMap(name) is { } backend)
            {
                Import(name, backend);
            }
        }
    }

    /// <summary>What it is called here; null: it is not imported.</summary>
    public string? Find(string name) => _names.GetValueOrDefault(name);

    private void Import(string name, SourceValue backend)
    {
        BackendKind? kind = backend.TakeText("type") switch
        {
            "openai" => BackendKind.OpenAi,
            "triton" => BackendKind.Triton,
            _ => null,
        };
        var isDefault = backend.TakeFlag("default") is true;
        if (kind is null || backend.TakeText("base_url") is not { } address)
        {
            backend.TakeAll();
            backend.Notes.Add(backend, "not imported: a backend has type (openai or triton) and base_url");
            return;
        }

        if (ImportedUrl.Read(address, backend.Find("base_url")!) is not { } url)
        {
            return;
        }

        var added = task.Imported.AddBackend(
            name,
            new BackendConfig { Kind = kind.Value, Url = url, ApiKey = KeyOf(name, kind.Value, backend) },
            backend);
        _names[name] = added;
        Default = isDefault ? added : Default;
    }

    private string? KeyOf(string name, BackendKind kind, SourceValue backend)
    {
        if (backend.Take("api_key") is { } key)
        {
            if (kind == BackendKind.OpenAi)
            {
                return task.Secrets.Reference(key, name);
            }

            key.Notes.Add(key, "not imported: it meant nothing for Triton");
            return null;
        }

        if (kind == BackendKind.OpenAi)
        {
            backend.Notes.Add(
                backend, "without api_key the client's own was to be passed on: apiKey: forward does that, except for keys of this router");
            return "forward";
        }

        return null;
    }
}
