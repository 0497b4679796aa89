using System.Text.Json;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats.Templates;

namespace AiRouter.Prompting.Formats.Loading;

/// <summary>
/// What a model's <c>tokenizer_config.json</c> (or <c>chat_template.json</c>) tells about its prompts. Newer models keep the
/// template in a file beside it.
/// </summary>
internal sealed class TokenizerConfig
{
    /// <summary>The template of that name, for everything that no other is for.</summary>
    public const string Default = "default";

    private TokenizerConfig()
    {
    }

    /// <summary>The templates by name; empty when the file has none.</summary>
    public Dictionary<string, TemplateSource> Templates { get; } = new(StringComparer.Ordinal);

    /// <summary>The token that begins a prompt.</summary>
    public string? Bos { get; private set; }

    /// <summary>The token that ends a turn.</summary>
    public string? Eos { get; private set; }

    /// <summary>All special tokens that the file lists.</summary>
    public HashSet<string> SpecialTokens { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the file, and what lies beside it; null and what is wrong in <paramref name="load"/>.</summary>
    public static TokenizerConfig? Read(AssetFile file, AssetLoad load)
    {
        var config = new TokenizerConfig();
        if (!config.TryRead(file, load))
        {
            return null;
        }

        var folder = Path.GetDirectoryName(file.Path)!;
        if (config.Templates.Count == 0)
        {
            config.ReadTemplateBeside(folder, load);
        }

        if (config.Templates.Count == 0 && load.Problem is null)
        {
            load.Fail($"{file.Path}: there is no chat_template in it, and no chat_template.jinja beside it");
        }

        return load.Problem is null ? config : null;
    }

    /// <summary>The tokens that a <c>tokenizer_config.json</c> in <paramref name="folder"/> names, when there is one.</summary>
    public static TokenizerConfig? TokensBeside(string folder, AssetLoad load)
    {
        var config = new TokenizerConfig();
        return load.TryRead(Path.Combine(folder, "tokenizer_config.json")) is { } file && config.TryRead(file, load)
            ? config
            : null;
    }

    private void ReadTemplateBeside(string folder, AssetLoad load)
    {
        if (load.TryRead(Path.Combine(folder, "chat_template.jinja")) is { } jinja)
        {
            Add(Default, jinja, load);
            foreach (var name in new[] { TemplateSet.ToolUse, TemplateSet.Rag })
            {
                if (load.TryRead(Path.Combine(folder, "additional_chat_templates", $"{name}.jinja")) is { } more)
                {
                    Add(name, more, load);
                }
            }
        }
        else if (load.TryRead(Path.Combine(folder, "chat_template.json")) is { } json)
        {
            TryRead(json, load);
        }
    }

    private void Add(string name, AssetFile file, AssetLoad load)
    {
        if (file.TryGetText(out var text))
        {
            Templates[name] = new TemplateSource(text, file.Path);
        }
        else
        {
            load.Fail($"the file {file.Path} is not UTF-8 text");
        }
    }

    private bool TryRead(AssetFile file, AssetLoad load)
    {
        try
        {
            using var document = JsonDocument.Parse(file.Content.AsMemory(file.Content is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                Take(document.RootElement, file.Path);
                return true;
            }

            load.Fail($"{file.Path}: this is no tokenizer_config.json: it must be an object");
        }
        catch (JsonException broken)
        {
            load.Fail($"{file.Path}, line {broken.LineNumber + 1}: this is not JSON");
        }

        return false;
    }

    private void Take(JsonElement root, string path)
    {
        Bos ??= Token(root, "bos_token");
        Eos ??= Token(root, "eos_token");
        TakeSpecialTokens(root);
        if (!root.TryGetProperty("chat_template", out var template))
        {
            return;
        }

        if (template.ValueKind == JsonValueKind.String)
        {
            Templates[Default] = new TemplateSource(template.GetString()!, $"{path} (chat_template)");
        }
        else if (template.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in template.EnumerateArray())
            {
                if (Text(item, "name") is { } name && Text(item, "template") is { } text)
                {
                    Templates[name] = new TemplateSource(text, $"{path} (chat_template \"{name}\")");
                }
            }
        }
    }

    private void TakeSpecialTokens(JsonElement root)
    {
        if (root.TryGetProperty("additional_special_tokens", out var more) && more.ValueKind == JsonValueKind.Array)
        {
            SpecialTokens.UnionWith(more.EnumerateArray().Select(Content).OfType<string>());
        }

        if (root.TryGetProperty("added_tokens_decoder", out var added) && added.ValueKind == JsonValueKind.Object)
        {
            SpecialTokens.UnionWith(added.EnumerateObject().Select(t => Content(t.Value)).OfType<string>());
        }

        SpecialTokens.UnionWith(new[] { Bos, Eos, Token(root, "unk_token"), Token(root, "pad_token") }.OfType<string>());
    }

    private static string? Token(JsonElement root, string name) =>
        root.TryGetProperty(name, out var token) ? Content(token) : null;

    // A text, or an object that also says how the tokenizer treats it.
    private static string? Content(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String => token.GetString(),
        JsonValueKind.Object => Text(token, "content"),
        _ => null,
    };

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;
}
