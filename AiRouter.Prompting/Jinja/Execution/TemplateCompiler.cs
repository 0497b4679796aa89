using AiRouter.Prompting.Jinja.Library;
using AiRouter.Prompting.Jinja.Syntax;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Execution;

/// <summary>Makes of a parsed template what runs: names become places, filters and tests their functions.</summary>
internal sealed class TemplateCompiler
{
    private readonly Dictionary<string, int> _globals = new(StringComparer.Ordinal);

    private TemplateCompiler(JinjaSource source, IReadOnlyList<Statement> body)
    {
        Source = source;
        MayHaveMarkup = MarkupUse.IsIn(body);
    }

    /// <summary>For error messages.</summary>
    public JinjaSource Source { get; }

    /// <summary>Whether the template has a filter that makes markup, which <c>+</c> treats in its own way.</summary>
    public bool MayHaveMarkup { get; }

    /// <exception cref="JinjaException">It has a filter or test that does not exist, or is nested too deeply.</exception>
    public static TemplateCode Compile(JinjaSource source, IReadOnlyList<Statement> body)
    {
        new NestingGuard(source).Visit(body);
        var compiler = new TemplateCompiler(source, body);
        var layout = new FunctionLayout(null);
        var scope = new Scope(null, layout);
        new ScopeReader(scope).Visit(body);
        var code = new StatementCompiler(compiler, scope).Compile(body);
        var entry = scope.Enter(compiler.GlobalOf);
        var globals = compiler._globals.OrderBy(static global => global.Value).Select(static global => global.Key).ToArray();
        return new TemplateCode(code, entry, layout.Slots, globals, [.. globals.Select(FunctionCalled)]);
    }

    /// <summary>The place of a name that the caller may give.</summary>
    public int GlobalOf(string name)
    {
        if (!_globals.TryGetValue(name, out var index))
        {
            index = _globals.Count;
            _globals.Add(name, index);
        }

        return index;
    }

    private static JinjaValue FunctionCalled(string name) =>
        JinjaGlobals.TryGet(name, out var function) ? function : JinjaValue.Undefined(name);
}
