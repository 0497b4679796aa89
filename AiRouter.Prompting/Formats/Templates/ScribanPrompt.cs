using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using AiRouter.Prompting.Jinja.Values;
using Scriban;
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
    private const int MostBytes = 64 << 20;

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
    public static ScribanPrompt? Parse(string text, string path, out string? problem)
    {
        var template = Template.Parse(text, path);
        problem = template.HasErrors ? string.Join("; ", template.Messages.Select(m => m.ToString())) : null;
        return problem is null
            ? new ScribanPrompt(template, [.. TemplateText.NamesIn(text).Where(name => !Functions.Contains(name))])
            : null;
    }

    /// <inheritdoc/>
    public void Render(JinjaDict variables, IBufferWriter<byte> output, DateTimeOffset? now)
    {
        using var deadline = new CancellationTokenSource(MostTime);
        var context = new TemplateContext
        {
            LoopLimit = MostLoops,
            RecursiveLimit = MostDepth,
            LimitToString = 0,
            CancellationToken = deadline.Token,
        };
        var globals = ScribanValues.Of(variables);
        globals.Import("raise_exception", new Action<string>(Refuse));
        if (now is { } moment)
        {
            globals["now"] = moment.DateTime;
        }

        context.PushGlobal(globals);
        context.PushOutput(new Utf8Output(output));
        context.PushCulture(CultureInfo.InvariantCulture);
        try
        {
            _template.Render(context);
        }
        catch (ScriptRuntimeException failure) when (failure.GetBaseException() is PromptException refusal)
        {
            throw new PromptException(refusal.Message, refusal.IsRefusal, failure);
        }
        catch (ScriptRuntimeException failure)
        {
            var message = deadline.IsCancellationRequested
                ? $"{failure.Span}: the template runs for more than {MostTime.TotalSeconds} s"
                : failure.Message;
            throw new PromptException(message, isRefusal: false, failure);
        }
    }

    private static void Refuse(string message) => throw new PromptException(message, isRefusal: true);

    /// <summary>Writes UTF-8, up to a limit.</summary>
    private sealed class Utf8Output(IBufferWriter<byte> output) : IScriptOutput
    {
        private long _written;

        public void Write(string text, int offset, int count)
        {
            _written += Encoding.UTF8.GetBytes(text.AsSpan(offset, count), output);
            if (_written > MostBytes)
            {
                throw new PromptException($"the template writes more than {MostBytes >> 20} MiB", isRefusal: false);
            }
        }

        public ValueTask WriteAsync(string text, int offset, int count, CancellationToken cancellationToken)
        {
            Write(text, offset, count);
            return ValueTask.CompletedTask;
        }
    }
}
