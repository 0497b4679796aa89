namespace AiRouter.Prompting.Jinja.Values;

/// <summary>Python's <c>text % arguments</c>.</summary>
internal static class PercentFormat
{
    public static JinjaValue Apply(in JinjaValue format, in JinjaValue arguments, JinjaRun run)
    {
        run.Spend(1);
        throw JinjaValueException.TypeError($"not all arguments converted {arguments.Kind} {format.Kind}");
    }
}
