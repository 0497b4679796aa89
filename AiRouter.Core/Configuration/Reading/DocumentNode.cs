namespace AiRouter.Core.Configuration.Reading;

/// <summary>A value of the document, in YAML or JSON alike, that knows where it was written.</summary>
internal abstract class DocumentNode
{
    public required SourcePosition Position { get; set; }

    /// <summary>What a message calls it.</summary>
    public abstract string Description { get; }

    /// <summary>A copy that can be changed on its own.</summary>
    public abstract DocumentNode Copy();
}

/// <summary>
/// A single value. The text is kept as written: what it means is decided by what is wanted there, so that <c>no</c> or
/// <c>1.10</c> stay strings where the record has a string.
/// </summary>
internal sealed class DocumentScalar : DocumentNode
{
    public required string Text { get; init; }

    /// <summary>Quoted in YAML or JSON: a string and nothing else where any value is allowed.</summary>
    public bool IsQuoted { get; init; }

    public bool IsNull => !IsQuoted && Text is ("" or "~" or "null" or "Null" or "NULL");

    public override string Description => IsNull ? "nothing" : $"\"{(Text.Length > 60 ? Text[..60] + "…" : Text)}\"";

    public override DocumentNode Copy() => new DocumentScalar { Text = Text, IsQuoted = IsQuoted, Position = Position };
}

/// <summary>A sequence.</summary>
internal sealed class DocumentList : DocumentNode
{
    public List<DocumentNode> Items { get; } = [];

    public override string Description => "a list";

    public override DocumentNode Copy()
    {
        var copy = new DocumentList { Position = Position };
        copy.Items.AddRange(Items.Select(i => i.Copy()));
        return copy;
    }
}

/// <summary>A mapping; keys keep the order in which they were written.</summary>
internal sealed class DocumentMap : DocumentNode
{
    public OrderedDictionary<string, DocumentNode> Entries { get; } = new(StringComparer.Ordinal);

    public override string Description => "an object";

    public override DocumentNode Copy()
    {
        var copy = new DocumentMap { Position = Position };
        foreach (var (key, value) in Entries)
        {
            copy.Entries.Add(key, value.Copy());
        }

        return copy;
    }
}
