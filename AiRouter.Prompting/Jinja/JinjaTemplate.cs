using System.Buffers;
using AiRouter.Prompting.Jinja.Execution;
using AiRouter.Prompting.Jinja.Syntax;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja;

/// <summary>
/// A chat template in Jinja2's language, set up as Hugging Face's transformers sets Jinja2 up: <c>trim_blocks</c>,
/// <c>lstrip_blocks</c>, the immutable sandbox, loop controls, <c>generation</c>, <c>raise_exception</c>, <c>strftime_now</c>
/// and its <c>tojson</c>. Parsed once; many threads may render it at the same time. A template reaches nothing but the values
/// it is given: there is no reflection and no I/O, and <see cref="JinjaLimits"/> bound what it uses.
/// </summary>
public sealed class JinjaTemplate
{
    private readonly JinjaSource _source;
    private readonly TemplateCode _code;

    private JinjaTemplate(JinjaSource source, TemplateCode code)
    {
        _source = source;
        _code = code;
    }

    /// <summary>The name that error messages show.</summary>
    public string Name => _source.Name;

    /// <summary>The names that it reads and does not set itself, those of Jinja2's own functions included.</summary>
    public IReadOnlyList<string> Variables => _code.Globals;

    /// <summary>Parses a template.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="name">What error messages call it: a file name, as a rule.</param>
    /// <exception cref="JinjaException">It is not a template; <see cref="JinjaErrorKind.Syntax"/>.</exception>
    public static JinjaTemplate Parse(string source, string name)
    {
        var text = new JinjaSource(source, name);
        return new JinjaTemplate(text, TemplateCompiler.Compile(text, TemplateParser.Parse(text)));
    }

    /// <summary>Renders it as UTF-8. When it throws, part of the text may have been written.</summary>
    /// <param name="variables">The template's variables. They must not change while it renders.</param>
    /// <param name="output">Where the text goes.</param>
    /// <param name="options">Limits and the clock.</param>
    /// <exception cref="JinjaException">The template fails or refuses, or a limit is reached.</exception>
    public void Render(JinjaDict variables, IBufferWriter<byte> output, JinjaOptions options)
    {
        using var text = new PromptText(output, options.Limits.OutputBytes);
        var rendering = new Rendering(_code, variables, text, options);
        try
        {
            Body.Run(_code.Body, new Activation(rendering, null, _code.Slots), _code.Entry);
            text.Flush();
        }
        catch (JinjaValueException exception)
        {
            throw Failure(exception, rendering.At);
        }
    }

    private JinjaException Failure(JinjaValueException exception, int offset)
    {
        var kind = exception.Type switch
        {
            "TemplateError" => JinjaErrorKind.Refused,
            Rendering.LimitReached => JinjaErrorKind.Limit,
            _ => JinjaErrorKind.Runtime,
        };
        return new JinjaException(kind, exception.Message, Advice.For(exception), _source, offset, exception);
    }
}
