using System.Buffers;
using System.Text.Json;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats.Loading;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Formats;

/// <summary>
/// Renders a template with variables given one by one, as transformers hands them to Jinja: nothing is converted or added.
/// For people who want to see what a template does.
/// </summary>
public sealed class PromptPreview
{
    private readonly FormatSource _source;

    private PromptPreview(FormatSource source) => _source = source;

    /// <summary>Loads a template; null when it is missing or broken.</summary>
    /// <param name="fileOrName">A file anywhere, or what <c>promptFormat</c> may name in <paramref name="folders"/>.</param>
    /// <param name="folders">Where prompt formats lie.</param>
    /// <param name="problem">What is wrong, when it is null.</param>
    public static PromptPreview? Load(string fileOrName, IReadOnlyList<string> folders, out string? problem)
    {
        var isFile = File.Exists(fileOrName);
        var path = isFile ? Path.GetFullPath(fileOrName) : fileOrName;
        var load = new AssetLoad(isFile ? [Path.GetPathRoot(path)!] : folders);
        var source = isFile ? FormatLoader.LoadFile(path, load) : FormatLoader.Load(path, load);
        problem = load.Problem;
        return source is null ? null : new PromptPreview(source);
    }

    /// <summary>The prompt.</summary>
    /// <param name="variables">
    /// An object: each member is a variable. Tokens that the format knows are variables too, unless they are among them.
    /// </param>
    /// <param name="now">The moment that the template sees; null: now.</param>
    /// <exception cref="PromptException">The template refuses or fails.</exception>
    public ReadOnlyMemory<byte> Render(JsonElement variables, DateTimeOffset? now)
    {
        var values = new JinjaDict();
        Add(values, "bos_token", _source.Bos);
        Add(values, "eos_token", _source.Eos);
        foreach (var variable in variables.EnumerateObject())
        {
            values.Set(variable.Name, JinjaValue.FromJson(variable.Value));
        }

        var prompt = new ArrayBufferWriter<byte>();
        _source.Templates.For(IsGiven(values, "tools"), IsGiven(values, "documents"))
            .Render(values, prompt, new JinjaOptions { Now = now });
        return prompt.WrittenMemory;
    }

    private static void Add(JinjaDict values, string name, string? token)
    {
        if (token is not null)
        {
            values.Set(name, JinjaValue.From(token));
        }
    }

    private static bool IsGiven(JinjaDict values, string name) => values.TryGetValue(name, out var value) && !value.IsNone;
}
