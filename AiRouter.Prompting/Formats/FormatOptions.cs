using AiRouter.Core.Configuration;
using AiRouter.Core.Json;
using AiRouter.Prompting.Formats.Loading;
using AiRouter.Prompting.Formats.Templates;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Formats;

/// <summary>How one model uses a prompt format: what the configuration says, made ready to render with.</summary>
internal sealed class FormatOptions
{
    private readonly IReadOnlyDictionary<string, string> _roles;
    private readonly KeyValuePair<string, JinjaValue>[] _variables;

    /// <summary>Takes the settings.</summary>
    /// <param name="prompt">The model's settings.</param>
    /// <param name="source">The format.</param>
    /// <param name="completion">The template of completions; null: there is none.</param>
    public FormatOptions(PromptConfig prompt, FormatSource source, IPromptTemplate? completion)
    {
        _roles = prompt.Roles;
        Bos = prompt.Bos ?? source.Bos ?? "";
        Eos = prompt.Eos ?? source.Eos ?? "";
        System = prompt.System;
        AddGenerationPrompt = prompt.AddGenerationPrompt;
        ContinueFinalMessage = prompt.ContinueFinalMessage;
        _variables = [.. prompt.Variables.Select(v => KeyValuePair.Create(
            v.Key, JinjaValue.FromJson(JsonBytes.ElementOf(v.Value))))];
        TakesCompletions = prompt.Completions != PromptConfig.NoCompletions;
        Completion = completion;
        SpecialTokens = prompt.NeutralizeSpecialTokens ? SpecialTokens.Of(source, Bos, Eos) : null;
    }

    /// <summary>The token that begins a prompt; empty: none.</summary>
    public string Bos { get; }

    /// <summary>The token that ends a turn; empty: none.</summary>
    public string Eos { get; }

    /// <summary>The system message of conversations that have none.</summary>
    public string? System { get; }

    /// <summary>Whether a prompt ends where an answer begins.</summary>
    public bool AddGenerationPrompt { get; }

    /// <summary>Whether the assistant's last message is continued.</summary>
    public bool ContinueFinalMessage { get; }

    /// <summary>What a rendering may use, and the moment that it sees.</summary>
    public JinjaOptions Rendering { get; init; } = JinjaOptions.Default;

    /// <summary>Whether the model does completions.</summary>
    public bool TakesCompletions { get; }

    /// <summary>The template of completions; null: they go to the model as they are.</summary>
    public IPromptTemplate? Completion { get; }

    /// <summary>What takes special tokens in messages for plain text; null: nothing does.</summary>
    public SpecialTokens? SpecialTokens { get; }

    /// <summary>The variables that every prompt of the model has: its tokens and what the configuration adds.</summary>
    public JinjaDict NewVariables()
    {
        var variables = new JinjaDict(16).Set("bos_token", JinjaValue.From(Bos)).Set("eos_token", JinjaValue.From(Eos));
        foreach (var (name, value) in _variables)
        {
            variables.Set(name, value);
        }

        return variables;
    }

    /// <summary>What the template calls the role of a message.</summary>
    public string RoleOf(ChatMessage message)
    {
        var role = message.Role switch
        {
            ChatRole.System => "system",
            ChatRole.Assistant => "assistant",
            ChatRole.Tool => "tool",
            _ => "user",
        };
        return message.SentRole is { } sent && _roles.TryGetValue(sent, out var called)
            ? called
            : _roles.GetValueOrDefault(role, role);
    }
}
