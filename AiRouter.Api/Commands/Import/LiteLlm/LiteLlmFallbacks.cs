using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>Other models that step in. LiteLLM asks nobody whether that is somebody else's service, so they all may be.</summary>
internal sealed class LiteLlmFallbacks(SourceValue root, ImportedConfiguration imported)
{
    private const string Any = "*";

    private static readonly string[] Generating = [Operations.Chat, Operations.Completions, Operations.Responses];

    // Where the fallbacks of a model stand.
    private readonly Dictionary<string, SourceValue> _places = new(StringComparer.Ordinal);

    /// <summary>Reads them, and puts them at their models.</summary>
    /// <param name="aliases">Models that are other names of models.</param>
    public void Import(IReadOnlyDictionary<string, string> aliases)
    {
        var sections = new[] { root.TakeMap("router_settings"), root.TakeMap("litellm_settings") }.OfType<SourceValue>().ToList();
        var failures = Read(sections, "fallbacks");
        var lengths = Read(sections, "context_window_fallbacks");
        if (lengths.Remove(Any))
        {
            TellAny(sections, "context_window_fallbacks");
        }

        var others = sections.SelectMany(static s => s.TakeTexts("default_fallbacks")).Distinct(StringComparer.Ordinal).ToList();
        if (failures.Remove(Any, out var forAll))
        {
            others.AddRange(forAll);
        }

        foreach (var (name, model) in imported.Models.ToList())
        {
            var isOwn = failures.Remove(name, out var onFailure) | lengths.Remove(name, out var onLength);
            if (isOwn || !aliases.ContainsKey(name))
            {
                onFailure ??= Generates(model) ? [.. others.Where(o => o != name)] : [];
                imported.Models[name] = model with { Fallbacks = Of(name, onFailure, onLength ?? []) };
            }
        }

        foreach (var (alias, name) in aliases)
        {
            var model = imported.Models[alias];
            imported.Models[alias] = model.Fallbacks.Count > 0
                ? model
                : model with { Fallbacks = [.. imported.Models[name].Fallbacks.Where(f => f.Model != alias)] };
        }

        foreach (var name in failures.Keys.Concat(lengths.Keys).Distinct(StringComparer.Ordinal))
        {
            _places[name].Notes.Add(_places[name], "not imported: there is no such model");
        }
    }

    private static void TellAny(IEnumerable<SourceValue> sections, string list)
    {
        foreach (var any in sections.SelectMany(s => s.TakeList(list)).Select(static e => e.Find(Any)).OfType<SourceValue>())
        {
            any.Notes.Add(any, "not imported: LiteLLM asks nobody either for what is too long, unless the model has an entry of its own");
        }
    }

    private static bool Generates(ModelConfig model) => model.Operations is null || model.Operations.Any(o => Generating.Contains(o));

    private List<FallbackConfig> Of(string name, IReadOnlyList<string> onFailure, IReadOnlyList<string> onLength) =>
    [
        .. onFailure.Concat(onLength).Distinct(StringComparer.Ordinal).Where(f => IsModel(f, name)).Select(f => new FallbackConfig
        {
            Model = f,
            On = (onFailure.Contains(f), onLength.Contains(f)) switch
            {
                (true, true) => [FallbackReason.Failure, FallbackReason.ContextLength],
                (false, _) => [FallbackReason.ContextLength],
                _ => [FallbackReason.Failure],
            },
            AllowExternal = true,
        }),
    ];

    private bool IsModel(string fallback, string name)
    {
        if (imported.Models.Keys.Any(m => new WildcardPattern(m).IsMatch(fallback)))
        {
            return true;
        }

        var at = _places.GetValueOrDefault(name, root);
        at.Notes.Add(at, $"the fallback \"{fallback}\" of \"{name}\" is not imported: there is no such model");
        return false;
    }

    // Lists of { model: [others] }; another may be an object with parameters of its own. The first section counts.
    private Dictionary<string, List<string>> Read(IReadOnlyList<SourceValue> sections, string list)
    {
        var read = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var entry in sections.SelectMany(s => s.TakeList(list)).Where(static e => e.Kind == SourceKind.Map))
        {
            foreach (var (name, value) in entry.Members)
            {
                var others = entry.TakeList(name).Select(static i => i.Kind == SourceKind.Map ? i.TakeText("model") : i.Text);
                _places.TryAdd(name, value);
                read.TryAdd(name, [.. others.OfType<string>().Where(static n => n.Length > 0)]);
            }
        }

        return read;
    }
}
