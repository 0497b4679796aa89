using System.Collections.Frozen;
using AiRouter.Prompting.Formats.Templates;
using AiRouter.Prompting.Jinja;

namespace AiRouter.Prompting.Formats.Loading;

/// <summary>The formats that need no file.</summary>
internal static class BuiltInFormats
{
    /// <summary>
    /// <c>plain</c>: the history as the original router wrote it, one line a message, then <c>ASSISTANT:</c>. It knows no
    /// model's special tokens, so any model understands it and none was trained on it.
    /// </summary>
    private const string Plain =
        """
        {%- for message in messages %}
            {{- message.role.capitalize() + (' ' + message.name if message.name else '') + ': ' + message.content + '\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- 'ASSISTANT:' }}
        {%- endif %}
        """;

    /// <summary>
    /// <c>none</c>: what the messages say, put together without a word between them. For models that continue a text, and
    /// for clients that render prompts themselves.
    /// </summary>
    private const string None =
        """
        {%- for message in messages %}
            {{- message.content }}
        {%- endfor %}
        """;

    private static readonly FrozenDictionary<string, string> Texts = new Dictionary<string, string>
    {
        ["plain"] = Plain,
        ["none"] = None,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, FormatSource> Formats =
        Texts.ToFrozenDictionary(static t => t.Key, static t => Make(t.Key, t.Value), StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => Formats.Keys;

    /// <summary>The template of a name, or null.</summary>
    public static string? Text(string name) => Texts.GetValueOrDefault(name);

    /// <summary>The format of a name, or null.</summary>
    public static FormatSource? Find(string name) => Formats.GetValueOrDefault(name);

    // They are ours: they take texts, and say nothing about a model. No variable of theirs is a client's to set.
    private static FormatSource Make(string name, string text) =>
        new(new TemplateSet(
            new Dictionary<string, IPromptTemplate> { [TokenizerConfig.Default] = new JinjaPrompt(JinjaTemplate.Parse(text, name)) }, []))
        {
            Traits = new FormatTraits(),
        };
}
