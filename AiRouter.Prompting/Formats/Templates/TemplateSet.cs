using System.Collections.Frozen;
using AiRouter.Prompting.Jinja.Library;

namespace AiRouter.Prompting.Formats.Templates;

/// <summary>
/// The templates of a format by name, as transformers has them: <c>default</c>, and perhaps <c>tool_use</c> for requests with
/// tools and <c>rag</c> for requests with documents.
/// </summary>
internal sealed record TemplateSet
{
    /// <summary>The template for requests with tools.</summary>
    public const string ToolUse = "tool_use";

    /// <summary>The template for requests with documents.</summary>
    public const string Rag = "rag";

    private static readonly string[] Synonyms = ["thinking", "reasoning"];

    private readonly FrozenDictionary<string, IPromptTemplate> _templates;

    /// <summary>Keeps them.</summary>
    /// <param name="templates">By name; there is a <c>default</c>.</param>
    /// <param name="texts">Their texts.</param>
    public TemplateSet(IReadOnlyDictionary<string, IPromptTemplate> templates, IReadOnlyCollection<string> texts)
    {
        _templates = templates.ToFrozenDictionary(StringComparer.Ordinal);
        Default = _templates["default"];
        Variables = templates.Values.SelectMany(t => t.Variables).Where(name => !JinjaGlobals.TryGet(name, out _))
            .ToFrozenSet(StringComparer.Ordinal);
        Aliases = [.. Synonyms.Where(a => texts.Any(t => TemplateText.NamesIn(t).Contains(a)))];
    }

    /// <summary>The template for everything that no other is for.</summary>
    public IPromptTemplate Default { get; }

    /// <summary>Every variable that one of them reads; functions are none, so that no request puts a value in their place.</summary>
    public FrozenSet<string> Variables { get; }

    /// <summary>What these templates call <c>reasoning_content</c> besides.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>What they take as a message's content.</summary>
    public ContentStyles Styles { get; init; } = ContentStyles.Texts;

    /// <summary>The template for a request.</summary>
    public IPromptTemplate For(bool hasTools, bool hasDocuments)
    {
        if (hasTools && _templates.TryGetValue(ToolUse, out var template))
        {
            return template;
        }

        return hasDocuments && _templates.TryGetValue(Rag, out template) ? template : Default;
    }
}
