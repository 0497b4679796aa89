namespace AiRouter.Prompting.Formats.Preview;

/// <summary>A prompt format that a model can name.</summary>
/// <param name="Name">What <c>promptFormat</c> calls it.</param>
public sealed record ListedFormat(string Name)
{
    /// <summary>The file that it is in, full path; null: it needs none.</summary>
    public string? File { get; init; }

    /// <summary>Which models it is for, as its manifest says.</summary>
    public string? Models { get; init; }

    /// <summary>Where its template comes from, as its manifest says.</summary>
    public string? Source { get; init; }

    /// <summary>What else its manifest says.</summary>
    public string? Note { get; init; }

    /// <summary>The token that begins a prompt; null or empty: none.</summary>
    public string? Bos { get; init; }

    /// <summary>The token that ends a turn; null or empty: none.</summary>
    public string? Eos { get; init; }

    /// <summary>What it tells about its model; null when it is broken.</summary>
    public FormatTraits? Traits { get; init; }

    /// <summary>Why no model can use it; null: they can.</summary>
    public string? Failure { get; init; }

    /// <summary>Where in its template that shows.</summary>
    public TemplateProblem? Problem { get; init; }
}

/// <summary>The text of a template.</summary>
/// <param name="Name">What it is for: <c>default</c>, <c>tool_use</c> (requests with tools) or <c>rag</c> (requests with documents).</param>
/// <param name="File">Where it is written.</param>
/// <param name="Text">The text.</param>
public sealed record FormatText(string Name, string File, string Text);
