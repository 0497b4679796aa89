using System.Buffers;
using System.Text;
using System.Text.Json;
using AiRouter.Prompting.Formats.Loading;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Formats;

/// <summary>A prompt format made of templates, as one model uses it.</summary>
internal sealed class TemplateFormat : IPromptFormat
{
    private readonly FormatSource _source;
    private readonly FormatOptions _options;
    private readonly MessageValues _messages;
    private readonly byte[] _bos;

    /// <summary>Puts them together.</summary>
    public TemplateFormat(string name, FormatSource source, FormatOptions options)
    {
        Name = name;
        _source = source;
        _options = options;
        _messages = new MessageValues(options, source.Templates);
        _bos = Encoding.UTF8.GetBytes(options.Bos);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public FormatTraits Traits => _source.Traits;

    /// <inheritdoc/>
    public void Render(Conversation conversation, IBufferWriter<byte> prompt)
    {
        var continues = Continues(conversation);
        var variables = _options.NewVariables();
        foreach (var (name, value) in conversation.Variables)
        {
            variables.Set(name, FromRequest(name, value));
        }

        variables.Set("messages", Messages(conversation, continues))
            .Set("tools", FromRequest("tools", conversation.Tools))
            .Set("documents", FromRequest("documents", conversation.Documents))
            .Set("add_generation_prompt", JinjaValue.From(
                !continues && (conversation.AddGenerationPrompt ?? _options.AddGenerationPrompt)));
        var template = _source.Templates.For(conversation.Tools is not null, conversation.Documents is not null);
        if (!continues && !conversation.BackendAddsBos)
        {
            template.Render(variables, prompt, _options.Rendering);
            return;
        }

        var rendered = new ArrayBufferWriter<byte>();
        template.Render(variables, rendered, _options.Rendering);
        var text = continues ? FinalMessage.Cut(rendered.WrittenSpan) : rendered.WrittenSpan;
        prompt.Write(conversation.BackendAddsBos ? WithoutBos(text) : text);
    }

    /// <inheritdoc/>
    public bool TryRenderCompletion(string text, bool backendAddsBos, IBufferWriter<byte> prompt)
    {
        if (!_options.TakesCompletions)
        {
            return false;
        }

        if (_options.Completion is null)
        {
            prompt.Write(backendAddsBos ? WithoutBos(Encoding.UTF8.GetBytes(text)) : Encoding.UTF8.GetBytes(text));
            return true;
        }

        var rendered = new ArrayBufferWriter<byte>();
        var sent = _options.SpecialTokens?.Break(text) ?? text;
        _options.Completion.Render(_options.NewVariables().Set("prompt", JinjaValue.From(sent)), rendered, _options.Rendering);
        prompt.Write(backendAddsBos ? WithoutBos(rendered.WrittenSpan) : rendered.WrittenSpan);
        return true;
    }

    private JinjaValue Messages(Conversation conversation, bool continues)
    {
        var messages = conversation.Messages;
        var needsSystem = _options.System is not null && messages.All(m => m.Role != ChatRole.System);
        var values = new JinjaValue[messages.Count + (needsSystem ? 1 : 0)];
        var next = 0;
        if (needsSystem)
        {
            values[next++] = _messages.Of(new ChatMessage(ChatRole.System, _options.System!), "");
        }

        for (var i = 0; i < messages.Count; i++)
        {
            values[next++] = _messages.Of(messages[i], continues && i == messages.Count - 1 ? FinalMessage.Mark : "");
        }

        return JinjaValue.List(values);
    }

    // What the operator configured as the default gives way to a client that wants an answer.
    private bool Continues(Conversation conversation)
    {
        var endsWithAnswer = conversation.Messages is [.., { Role: ChatRole.Assistant }];
        if (conversation.ContinueFinalMessage is not true)
        {
            return conversation.ContinueFinalMessage is null && _options.ContinueFinalMessage && endsWithAnswer &&
                conversation.AddGenerationPrompt is not true;
        }

        var problem = (endsWithAnswer, conversation.AddGenerationPrompt) switch
        {
            (false, _) => "the last message must be the assistant's",
            (_, true) => "'add_generation_prompt' cannot be true at the same time",
            _ => null,
        };
        return problem is null
            ? true
            : throw new PromptException($"Invalid 'continue_final_message': {problem}.", isRefusal: true)
            {
                Param = "continue_final_message",
            };
    }

    private JinjaValue FromRequest(string name, JsonElement? value)
    {
        if (value is not { } given)
        {
            return _source.Templates.Styles.Nothing;
        }

        try
        {
            var read = JinjaValue.FromJson(given);
            return _options.SpecialTokens?.Break(read) ?? read;
        }
        catch (JinjaValueException unreadable)
        {
            // A number with thousands of digits: the client's, as what it sends besides.
            throw new PromptException($"Invalid '{name}': {unreadable.Message}.", isRefusal: true, unreadable) { Param = name };
        }
    }

    /// <summary>Exactly one, and the backend's own is there already (R15).</summary>
    private ReadOnlySpan<byte> WithoutBos(ReadOnlySpan<byte> prompt) =>
        _bos.Length > 0 && prompt.StartsWith(_bos) ? prompt[_bos.Length..] : prompt;
}
