namespace AiRouter.Api.Commands.Import.Reading;

/// <summary>How a file is written.</summary>
internal enum SourceSyntax
{
    Yaml,
    Toml,
    Json,
}
