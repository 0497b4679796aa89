using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace AiRouter.Prompting.Formats.Templates;

/// <summary>
/// A <c>.scriban</c> template. Scriban has limits of its own that cut a text without a word; here every limit that is
/// reached is an error. Templates see values only, no objects of .NET's, and no files.
/// </summary>
internal sealed class ScribanPrompt : IPromptTemplate
{
    private const int MostLoops = 1_000_000;
    private const int MostDepth = 100;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);

    // No request puts a value in the place of one.
    private static readonly FrozenSet<string> Functions =
        TemplateContext.GetDefaultBuiltinObject().Keys.ToFrozenSet(StringComparer.Ordinal);

    private readonly Template _template;

    private ScribanPrompt(Template template, IReadOnlyList<string> variables)
    {
        _template = template;
        Variables = variables;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>Parses a template; null and what is wrong with it.</summary>
    public static ScribanPrompt? Parse(string text, string path, out TemplateProblem? problem)
    {
        var template = Template.Parse(text, path);
        var error = template.Messages.FirstOrDefault(static m => m.Type == ParserMessageType.Error);
        problem = error is null ? null : ProblemAt(error.Span, JinjaErrorKind.Syntax, error.Message);
        return problem is null
            ? new ScribanPrompt(template, [.. TemplateText.NamesIn(text).Where(name => !Functions.Contains(name))])
            : null;
    }

    /// <inheritdoc/>
    public void Render(JinjaDict variables, IBufferWriter<byte> output, JinjaOptions options)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(options.Deadline);
        deadline.CancelAfter(MostTime);
        var context = new TemplateContext
        {
            LoopLimit = MostLoops,
            RecursiveLimit = MostDepth,
            LimitToString = 0,
            CancellationToken = deadline.Token,
        };
        var globals = ScribanValues.Of(variables);
        globals.SetValue("raise_exception", DelegateCustomFunction.Create<string>(Refuse), readOnly: true);
        if (options.Now is { } moment)
        {
            globals["now"] = moment.DateTime;
        }

        context.PushGlobal(globals);
        context.PushOutput(new Utf8Output(output, options.Limits.OutputBytes));
        context.PushCulture(CultureInfo.InvariantCulture);
        try
        {
            _template.Render(context);
        }
        catch (ScriptRuntimeException failure) when (failure.GetBaseException() is PromptException { IsRefusal: true } refusal)
        {
            throw new PromptException(refusal.Message, isRefusal: true, failure)
            {
                Problem = ProblemAt(failure.Span, JinjaErrorKind.Refused, refusal.Message),
            };
        }
        catch (ScriptRuntimeException failure)
        {
            var problem = deadline.IsCancellationRequested
                ? ProblemAt(failure.Span, JinjaErrorKind.Limit, "it takes too long")
                : ProblemAt(failure.Span, KindOf(failure), ReasonOf(failure));
            throw new PromptException(problem.ToString(), isRefusal: false, failure) { Problem = problem };
        }
    }

    // Of the limits, only ours on the output has an exception of its own.
    private static JinjaErrorKind KindOf(ScriptRuntimeException failure) =>
        failure.GetBaseException() is PromptException ? JinjaErrorKind.Limit : JinjaErrorKind.Runtime;

    private static string ReasonOf(ScriptRuntimeException failure) =>
        failure.GetBaseException() is PromptException inner ? inner.Message : failure.OriginalMessage;

    private static TemplateProblem ProblemAt(SourceSpan span, JinjaErrorKind kind, string reason) =>
        new(kind, span.FileName ?? "", span.Start.Line + 1, span.Start.Column + 1, reason, "");

    private static void Refuse(string message) => throw new PromptException(message, isRefusal: true);

    /// <summary>Writes UTF-8, up to a limit.</summary>
    private sealed class Utf8Output(IBufferWriter<byte> output, long mostBytes) : IScriptOutput
    {
        private long _written;

        public void Write(string text, int offset, int count)
        {
            _written += Encoding.UTF8.GetBytes(text.AsSpan(offset, count), output);
            if (_written > mostBytes)
            {
                throw new PromptException($"the text is longer than {mostBytes} bytes", isRefusal: false);
            }
        }

        public ValueTask WriteAsync(string text, int offset, int count, CancellationToken cancellationToken)
        {
            Write(text, offset, count);
            return ValueTask.CompletedTask;
        }
    }
}
