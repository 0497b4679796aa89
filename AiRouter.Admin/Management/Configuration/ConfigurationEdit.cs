using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>A change of the document that somebody asks for.</summary>
/// <param name="By">Who.</param>
/// <param name="Change">The document as he wants it, made of the one that is stored.</param>
internal sealed record ConfigurationEdit(AdminIdentity By, Func<RouterConfig, Outcome<RouterConfig>> Change)
{
    /// <summary>Why, for the history.</summary>
    public string? Comment { get; init; }

    /// <summary>The version that the document must have; null: any, the change is made of whatever there is.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>Whether the change says what the whole document is: only that may take the place of one that the store lost (R36).</summary>
    public bool IsWhole { get; init; }

    /// <summary>The document that placeholders and encrypted credentials of the new one come from; null: the stored one.</summary>
    public RouterConfig? CredentialsFrom { get; init; }
}
