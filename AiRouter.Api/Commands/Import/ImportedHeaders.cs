using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Api.Commands.Import;

/// <summary>Extra headers of a backend: what may be a credential becomes a reference.</summary>
internal static class ImportedHeaders
{
    /// <summary>Reads them.</summary>
    /// <param name="headers">Names and values; null: none.</param>
    /// <param name="backend">What variables are named after.</param>
    /// <param name="secrets">Gives references.</param>
    public static IReadOnlyDictionary<string, string> Read(SourceValue? headers, string backend, ImportedSecrets secrets)
    {
        var read = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, _) in headers?.Members ?? [])
        {
            if (headers!.Take(name) is not { IsScalar: true } value)
            {
                continue;
            }

            var isSecret = StoredCredentials.IsCredentialHeader(name) || secrets.VariableOf(value.Text) is not null;
            if ((isSecret ? secrets.Reference(value, $"{backend}_{name}") : value.Text) is { } text)
            {
                read[name] = text;
            }
        }

        return new Dictionary<string, string>(read, StringComparer.OrdinalIgnoreCase);
    }
}
