using System.Text.Json;
using AiRouter.Prompting.Formats.Templates;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Formats;

/// <summary>Messages as templates expect them: dictionaries, in the form in which transformers hands them over.</summary>
internal sealed class MessageValues(FormatOptions options, TemplateSet templates)
{
    private static readonly JinjaValue Function = JinjaValue.From("function");
    private static readonly JinjaValue TextType = JinjaValue.From("text");
    private static readonly JinjaValue ImagePart = JinjaValue.From(new JinjaDict().Set("type", JinjaValue.From("image")));
    private static readonly JinjaValue AudioPart = JinjaValue.From(new JinjaDict().Set("type", JinjaValue.From("audio")));

    /// <summary>A message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="suffix">Put behind the last text that it says.</param>
    /// <exception cref="PromptException">It has content that the template has no place for.</exception>
    public JinjaValue Of(ChatMessage message, string suffix)
    {
        var value = new JinjaDict(6)
            .Set("role", JinjaValue.From(options.RoleOf(message)))
            .Set("content", ContentOf(message, suffix));
        if (message.Name is not null)
        {
            value.Set("name", Text(message.Name));
        }

        if (message.ToolCalls.Count > 0)
        {
            value.Set("tool_calls", CallsOf(message.ToolCalls));
        }

        if (message.ToolCallId is not null)
        {
            value.Set("tool_call_id", Text(message.ToolCallId));
        }

        if (message.Reasoning is not null)
        {
            var reasoning = Text(message.Reasoning);
            value.Set("reasoning_content", reasoning);
            foreach (var alias in templates.Aliases)
            {
                value.Set(alias, reasoning);
            }
        }

        return JinjaValue.From(value);
    }

    private JinjaValue ContentOf(ChatMessage message, string suffix)
    {
        var style = templates.Styles[message.Role];
        if (message.HasNoContent && message.ToolCalls.Count > 0 && suffix.Length == 0 && templates.Styles.TakesNone)
        {
            return JinjaValue.None;
        }

        if (message.Parts is { } parts && style.TakesParts)
        {
            return PartsOf(parts, suffix);
        }

        if (message.Parts?.FirstOrDefault(p => p.Kind != ContentKind.Text) is { } other)
        {
            throw new PromptException(
                $"Invalid 'messages': the prompt format of this model has no place for {(other.Kind == ContentKind.Image ? "images" : "audio")} " +
                $"in messages of the role '{message.SentRole ?? options.RoleOf(message)}'.",
                isRefusal: true);
        }

        var text = JinjaValue.From(Break(message.Content) + suffix);
        return style is { TakesText: false, TakesParts: true } ? JinjaValue.List(TextPart(text)) : text;
    }

    private JinjaValue PartsOf(IReadOnlyList<ContentPart> parts, string suffix)
    {
        var texts = options.SpecialTokens is null ? parts : Joined(parts);
        var last = suffix.Length == 0 ? -1 : LastText(texts);
        var values = new List<JinjaValue>(texts.Count + 1);
        for (var i = 0; i < texts.Count; i++)
        {
            values.Add(texts[i].Kind switch
            {
                ContentKind.Image => ImagePart,
                ContentKind.Audio => AudioPart,
                _ => TextPart(JinjaValue.From(Break(texts[i].Text) + (i == last ? suffix : ""))),
            });
        }

        if (suffix.Length > 0 && last < 0)
        {
            values.Add(TextPart(JinjaValue.From(suffix)));
        }

        return JinjaValue.List([.. values]);
    }

    // A special token must not come together out of two parts.
    private static List<ContentPart> Joined(IReadOnlyList<ContentPart> parts)
    {
        var joined = new List<ContentPart>(parts.Count);
        foreach (var part in parts)
        {
            if (part.Kind == ContentKind.Text && joined is [.., { Kind: ContentKind.Text } before])
            {
                joined[^1] = before with { Text = before.Text + part.Text };
            }
            else
            {
                joined.Add(part);
            }
        }

        return joined;
    }

    private static int LastText(IReadOnlyList<ContentPart> parts)
    {
        var last = parts.Count - 1;
        while (last >= 0 && parts[last].Kind != ContentKind.Text)
        {
            last--;
        }

        return last;
    }

    private static JinjaValue TextPart(JinjaValue text) =>
        JinjaValue.From(new JinjaDict(2).Set("type", TextType).Set("text", text));

    private JinjaValue CallsOf(IReadOnlyList<MessageToolCall> calls)
    {
        var values = new JinjaValue[calls.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var function = new JinjaDict(2).Set("name", Text(calls[i].Name)).Set("arguments", ArgumentsOf(calls[i].Arguments));
            var call = new JinjaDict(3);
            if (calls[i].Id.Length > 0)
            {
                call.Set("id", Text(calls[i].Id));
            }

            values[i] = JinjaValue.From(call.Set("type", Function).Set("function", JinjaValue.From(function)));
        }

        return JinjaValue.List(values);
    }

    /// <summary>Templates want what the model wrote as an object; what is none stays the text that it is.</summary>
    private JinjaValue ArgumentsOf(string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return JinjaValue.From(new JinjaDict());
        }

        try
        {
            using var document = JsonDocument.Parse(arguments);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return Break(JinjaValue.FromJson(document.RootElement));
            }
        }
        catch (Exception malformed) when (malformed is JsonException or JinjaValueException)
        {
            // A model's call may be malformed (or have a number that Python does not read), and comes back as it was.
        }

        return Text(arguments);
    }

    private JinjaValue Text(string text) => JinjaValue.From(Break(text));

    private string Break(string text) => options.SpecialTokens?.Break(text) ?? text;

    private JinjaValue Break(JinjaValue value) => options.SpecialTokens?.Break(value) ?? value;
}
