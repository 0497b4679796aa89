namespace AiRouter.Core.Configuration.Reading;

/// <summary>Where a value was written: a file with line and column, or an environment variable (line 0). Column 0: unknown.</summary>
internal readonly record struct SourcePosition(string Source, int Line, int Column = 0)
{
    /// <summary>Where in its text; null: unknown.</summary>
    public TextPlace? Place => Line > 0 ? new TextPlace(Line, Math.Max(Column, 1)) : null;

    public override string ToString() => Line > 0 ? $"{Source}, line {Line}" : Source;
}
