namespace AiRouter.Core.Configuration.Reading;

/// <summary>Where a value was written: a file and line, or an environment variable (line 0).</summary>
internal readonly record struct SourcePosition(string Source, int Line)
{
    public override string ToString() => Line > 0 ? $"{Source}, line {Line}" : Source;
}
