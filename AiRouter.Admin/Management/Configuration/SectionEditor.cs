using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>
/// Sections of the document that are one record, as a page edits them: others' changes of other sections at the same time are kept.
/// Saves through <see cref="ConfigurationEditor"/>, as REST does.
/// </summary>
internal sealed class SectionEditor(ConfigurationReview reviews, ConfigurationEditor editor)
{
    /// <summary>A section as it is stored, and what its page needs.</summary>
    public async Task<Outcome<EditedSection<T>>> ReadAsync<T>(RecordSection<T> part, CancellationToken cancellationToken)
        where T : class, new()
    {
        var read = await reviews.StandingAsync(cancellationToken);
        return read.Failure is { } failure ? failure : new EditedSection<T>(part.Get(read.Value!.Config), read.Value);
    }

    /// <summary>Saves a section that still is as it was read.</summary>
    /// <param name="part">Which.</param>
    /// <param name="read">What it was changed from.</param>
    /// <param name="value">What it is to be.</param>
    /// <param name="comment">Why.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<Outcome<ConfigurationSaved>> SaveAsync<T>(
        RecordSection<T> part, T read, T value, string? comment, AdminIdentity by, CancellationToken cancellationToken)
        where T : class, new() =>
        editor.SaveAsync(
            new ConfigurationEdit(by, config => Text(part.Get(config)) == Text(read)
                ? part.With(config, value)
                : new ManagementFailure(FailureKind.Conflict, $"Somebody else has changed the section {part.Section} since you opened it."))
            {
                Comment = Comments.Cut(comment),
            },
            cancellationToken);

    private static string Text(object section) => ConfigurationJson.WriteRecord(section);
}

/// <summary>A section while it is edited.</summary>
/// <typeparam name="T">The section's record.</typeparam>
/// <param name="Value">As it is stored.</param>
/// <param name="Standing">The whole document, and what keeps people from changing it.</param>
internal sealed record EditedSection<T>(T Value, ConfigurationStanding Standing)
    where T : class, new();
