using AiRouter.Api.Commands.Import.Reading;

namespace AiRouter.Api.Commands.Import;

/// <summary>What an importer works with.</summary>
/// <param name="Root">The file.</param>
/// <param name="Keys">Client keys out of a database; null: none were given.</param>
/// <param name="Environment">Variables of this process.</param>
/// <param name="Imported">Takes what is found.</param>
/// <param name="Secrets">Gives references to secrets.</param>
internal sealed record ImportTask(
    SourceValue Root,
    SourceValue? Keys,
    IReadOnlyDictionary<string, string> Environment,
    ImportedConfiguration Imported,
    ImportedSecrets Secrets);
