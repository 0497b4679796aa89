using AiRouter.Admin.Components.Shared;
using AiRouter.Admin.Components.Shared.Comparing;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Admin.Components.Configuration;

/// <summary>The document while somebody edits it: what he began with, what he has written, and what came of the last check.</summary>
public sealed class ConfigurationDraft
{
    private ConfigurationDraft(ConfigurationStanding began, string text)
    {
        Began = began;
        Text = text;
    }

    /// <summary>What was stored when the edit began.</summary>
    internal ConfigurationStanding Began { get; private set; }

    /// <summary>What is written now, as far as it came from the browser.</summary>
    internal string Text { get; private set; }

    /// <summary>What came of checking <see cref="Text"/>; null: it was not checked yet.</summary>
    internal DocumentReview? Review { get; private set; }

    /// <summary>Whether a check is under way.</summary>
    internal bool IsChecking { get; private set; }

    /// <summary>Whether there is something that would be lost.</summary>
    internal bool IsChanged => Text != Began.Yaml && Text != Starter;

    /// <summary>Whether what is written can be saved, as far as is known.</summary>
    internal bool CanSave => !IsChecking && Review is { Problems.Count: 0 } review && (review.Differences.Count > 0 || !Began.IsStored);

    /// <summary>What somebody else saved meanwhile; null: nobody did.</summary>
    internal ConfigurationStanding? Newer => Review?.Standing is { } now && now.Version != Began.Version ? now : null;

    /// <summary>The state in a few words.</summary>
    internal string State => this switch
    {
        { IsChecking: true } => "Checking …",
        { Review: null } or { IsChanged: false, Review.Problems.Count: 0 } => Began.IsStored ? "As stored" : "Not saved yet",
        { Review.Problems.Count: 1 } => "1 problem",
        { Review.Problems.Count: > 1 } => $"{Review.Problems.Count} problems",
        { Review.Differences.Count: 0 } => "Valid, means the same as what is stored",
        { Review.Differences.Count: 1 } => "Valid, 1 change",
        _ => $"Valid, {Review!.Differences.Count} changes",
    };

    /// <summary>How that is.</summary>
    internal StatusKind Kind => this switch
    {
        { IsChecking: true } or { Review: null } => StatusKind.Neutral,
        { Review.Problems.Count: > 0 } => StatusKind.Bad,
        _ => IsChanged ? StatusKind.Good : StatusKind.Neutral,
    };

    /// <summary>What is written where there is no document yet: enough to begin with.</summary>
    internal const string Starter =
        """
        # A server that answers requests: an OpenAI-compatible one, or a Triton server (kind: triton, port 8001).
        backends:
          gpu-1:
            kind: openai
            url: http://localhost:8000/v1
        # The names that clients ask for, and who answers them.
        models:
          my-model:
            targets:
              - backend: gpu-1

        """;

    /// <summary>A new edit of what is stored; of the beginning of a document where nothing is.</summary>
    internal static ConfigurationDraft Of(ConfigurationStanding standing) =>
        new(standing, standing.IsStored ? standing.Yaml : Starter);

    /// <summary>Something else was written; what was known of it is no longer true.</summary>
    internal void Write(string text)
    {
        Text = text;
        IsChecking = true;
    }

    /// <summary>A check came to its end; one of an older text says nothing.</summary>
    internal void Checked(string text, DocumentReview? review)
    {
        if (text == Text)
        {
            (Review, IsChecking) = (review, false);
        }
    }

    /// <summary>The edit goes on from what is stored now, with another text.</summary>
    internal void Rebase(ConfigurationStanding now, string text)
    {
        Began = now;
        Write(text);
    }

    /// <summary>What somebody else changed meanwhile beside what is changed here, credentials hidden.</summary>
    /// <param name="now">What is stored now.</param>
    /// <param name="wanted">What is written here.</param>
    internal Conflict ConflictWith(ConfigurationStanding now, RouterConfig wanted)
    {
        var merge = RecordMerge.Of(Shown.Json(Began.Config), Shown.Json(now.Config), ConfigurationJson.Write(wanted));
        return new Conflict(
            "The configuration",
            ConfigurationJson.WriteYaml(Shown.Of(Began.Config)),
            ConfigurationJson.WriteYaml(StoredCredentials.HideChange(now.Config, Began.Config)),
            ConfigurationJson.WriteYaml(StoredCredentials.HideChange(wanted, Began.Config)))
        {
            Merged = merge.Json,
            Overlaps = merge.Overlaps,
            By = now.By,
            At = now.At,
        };
    }
}
