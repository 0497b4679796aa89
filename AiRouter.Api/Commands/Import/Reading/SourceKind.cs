namespace AiRouter.Api.Commands.Import.Reading;

/// <summary>What a value of a file is.</summary>
internal enum SourceKind
{
    /// <summary>Names with values.</summary>
    Map,

    /// <summary>Values in an order.</summary>
    List,

    /// <summary>A text for sure: in quotes, or a block.</summary>
    Text,

    /// <summary>Written without quotes: a number, true, nothing, or in YAML a text too.</summary>
    Plain,
}
