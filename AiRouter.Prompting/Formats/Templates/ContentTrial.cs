using System.Buffers;
using System.Text;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Formats.Templates;

/// <summary>
/// Finds out what a template takes as content by trying it: some loop over parts, some print whatever is there, some do one
/// for users and the other for the system. A template that fails on the simplest conversation is broken.
/// </summary>
internal static class ContentTrial
{
    private const string Mark = "airoutertrial";

    // Nine letters and digits: some templates refuse other ids.
    private const string CallId = "airouter1";

    /// <summary>Tries the default template.</summary>
    /// <returns>Why it is broken; null: it is not.</returns>
    public static PromptException? Run(TemplateSet templates, FormatOptions options, out ContentStyles styles)
    {
        var trial = new Trial(templates.Default, options, JinjaValue.None);
        if (trial.Run() is not { } failure)
        {
            styles = trial.Styles;
            return null;
        }

        // Templates for tools take a list, and some nothing else.
        var withLists = new Trial(templates.Default, options, JinjaValue.EmptyList);
        var isBroken = withLists.Run() is not null;
        styles = withLists.Styles;
        return isBroken ? failure : null;
    }

    private sealed class Trial(IPromptTemplate template, FormatOptions options, JinjaValue nothing)
    {
        private static readonly JinjaValue Text = JinjaValue.From(Mark);

        private static readonly JinjaValue Parts = JinjaValue.List(JinjaValue.From(
            new JinjaDict().Set("type", JinjaValue.From("text")).Set("text", Text)));

        private static readonly JinjaValue PartsWithImage = JinjaValue.List(
            JinjaValue.From(new JinjaDict().Set("type", JinjaValue.From("text")).Set("text", Text)),
            JinjaValue.From(new JinjaDict().Set("type", JinjaValue.From("image"))));

        private PromptException? _failure;

        /// <summary>What the template takes.</summary>
        public ContentStyles Styles { get; private set; } = ContentStyles.Texts;

        /// <summary>Tries it; gives how it fails on a message of a user's, unless it refuses it.</summary>
        public PromptException? Run()
        {
            Styles = new ContentStyles(StyleOf);
            Styles = Styles with
            {
                Nothing = nothing,
                TakesNone = TakesNone(),
                TakesImages = Styles[ChatRole.User].TakesParts && TakesImages(),
            };
            return Styles[ChatRole.User] is { TakesText: false, TakesParts: false } ? _failure : null;
        }

        private bool TakesImages()
        {
            var with = Render(Conversation(ChatRole.User, PartsWithImage), out _);
            return with is not null && !ShowsList(with) && with != Render(Conversation(ChatRole.User, Parts), out _);
        }

        private ContentStyle StyleOf(ChatRole role)
        {
            var text = Render(Conversation(role, Text), out var failure);
            var parts = Render(Conversation(role, Parts), out _);
            _failure = role == ChatRole.User ? failure : _failure;
            var takesParts = parts is not null && parts.Contains(Mark, StringComparison.Ordinal) && !ShowsList(parts);

            // What shows neither (a role that the template skips) is left as it is.
            return new ContentStyle(TakesText: text is not null && (text.Contains(Mark, StringComparison.Ordinal) || !takesParts), takesParts);
        }

        // What prints None where nothing was said does not take it.
        private bool TakesNone()
        {
            var none = Render(AfterCall(JinjaValue.None, JinjaValue.From("x")), out _);
            var empty = Render(AfterCall(JinjaValue.EmptyString, JinjaValue.From("x")), out _) ?? "";
            return none is not null && Count(none, "None") == Count(empty, "None") && Count(none, "null") == Count(empty, "null");

            static int Count(string text, string word) => text.AsSpan().Count(word);
        }

        // As Python prints a list, or as JSON.
        private static bool ShowsList(string prompt) =>
            prompt.Contains("'type'", StringComparison.Ordinal) || prompt.Contains("\"type\"", StringComparison.Ordinal);

        private static JinjaValue[] Conversation(ChatRole role, JinjaValue content)
        {
            var question = Message("user", JinjaValue.From("x"));
            return role switch
            {
                ChatRole.System => [Message("system", content), question],
                ChatRole.Assistant => [question, Message("assistant", content), question],
                ChatRole.Tool => AfterCall(JinjaValue.EmptyString, content),
                _ => [Message("user", content)],
            };
        }

        private static JinjaValue[] AfterCall(JinjaValue said, JinjaValue result)
        {
            var function = new JinjaDict().Set("name", JinjaValue.From("f")).Set("arguments", JinjaValue.From(new JinjaDict()));
            var call = new JinjaDict().Set("id", JinjaValue.From(CallId)).Set("type", JinjaValue.From("function"))
                .Set("function", JinjaValue.From(function));
            return
            [
                Message("user", JinjaValue.From("x")),
                JinjaValue.From(new JinjaDict().Set("role", JinjaValue.From("assistant")).Set("content", said)
                    .Set("tool_calls", JinjaValue.List(JinjaValue.From(call)))),
                JinjaValue.From(new JinjaDict().Set("role", JinjaValue.From("tool")).Set("content", result)
                    .Set("name", JinjaValue.From("f")).Set("tool_call_id", JinjaValue.From(CallId))),
            ];
        }

        private static JinjaValue Message(string role, JinjaValue content) =>
            JinjaValue.From(new JinjaDict().Set("role", JinjaValue.From(role)).Set("content", content));

        private string? Render(JinjaValue[] messages, out PromptException? failure)
        {
            failure = null;
            var variables = options.NewVariables().Set("messages", JinjaValue.List(messages)).Set("tools", nothing)
                .Set("documents", nothing).Set("add_generation_prompt", JinjaValue.True);
            var output = new ArrayBufferWriter<byte>();
            try
            {
                template.Render(variables, output, options.Rendering);
                return Encoding.UTF8.GetString(output.WrittenSpan);
            }
            catch (PromptException exception)
            {
                failure = exception.IsRefusal ? null : exception;
                return null;
            }
        }
    }
}
