using AiRouter.Api.Commands.Import.Reading;

namespace AiRouter.Api.Commands.Import;

/// <summary>A product whose configuration can be imported.</summary>
internal interface IImport
{
    /// <summary>What <c>--from</c> calls it.</summary>
    string Name { get; }

    /// <summary>What people call its file.</summary>
    string Title { get; }

    /// <summary>How its file is written.</summary>
    SourceSyntax Syntax { get; }

    /// <summary>How a file refers to a variable of the environment; null: it cannot.</summary>
    string? VariableMarker { get; }

    /// <summary>Whether a file may be its.</summary>
    bool Recognises(SourceValue root);

    /// <summary>Takes out of the file what AiRouter has an equivalent for.</summary>
    void Import(ImportTask task);

    /// <summary>Why other things are not imported, by the last names of their paths.</summary>
    IReadOnlyDictionary<string, string> Reasons { get; }
}
