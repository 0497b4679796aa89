using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Admin.Components.Backends;

/// <summary>A backend's credential while it is edited. What is stored is never shown: it is kept, or another takes its place.</summary>
public sealed class CredentialForm
{
    private const string Forward = "forward";

    /// <summary>What is sent.</summary>
    public CredentialChoice Choice { get; set; }

    /// <summary>Whether one is stored that can be kept.</summary>
    public bool HasStored { get; private init; }

    /// <summary>A new credential.</summary>
    public string Given { get; set; } = "";

    /// <summary>A reference.</summary>
    public string Reference { get; set; } = "";

    /// <summary>The form of a credential as it is shown.</summary>
    public static CredentialForm Of(string? shown) => shown switch
    {
        null => new CredentialForm(),
        Forward => new CredentialForm { Choice = CredentialChoice.Forward },
        StoredCredentials.Placeholder => new CredentialForm { Choice = CredentialChoice.Stored, HasStored = true },
        _ => new CredentialForm { Choice = CredentialChoice.Reference, Reference = shown },
    };

    /// <summary>What stands in the record.</summary>
    /// <param name="isMoved">Whether the backend would send to another host than what is stored was given for.</param>
    /// <param name="problems">Takes what is wrong.</param>
    internal string? Value(bool isMoved, List<ConfigurationProblem> problems)
    {
        var (value, problem) = Choice switch
        {
            CredentialChoice.Stored when isMoved =>
                (null, "the stored key was given for another host, and is dropped when the host changes: give it anew, or choose None"),
            CredentialChoice.Stored => (StoredCredentials.Placeholder, null),
            CredentialChoice.Forward => (Forward, null),
            CredentialChoice.Given when Given.Trim().Length == 0 => (null, "is missing: paste the key, or choose None"),
            CredentialChoice.Given => (Given.Trim(), null),
            CredentialChoice.Reference when !IsReference(Reference.Trim()) =>
                (null, "must be env:AIROUTER_SECRET_NAME or file:NAME; paste a key itself under \"A key\""),
            CredentialChoice.Reference => (Reference.Trim(), (string?)null),
            _ => (null, null),
        };
        if (problem is not null)
        {
            problems.Add(new ConfigurationProblem("apiKey", problem, null));
        }

        return value;
    }

    private static bool IsReference(string text) =>
        text.StartsWith("env:", StringComparison.Ordinal) || text.StartsWith("file:", StringComparison.Ordinal);
}

/// <summary>What is sent to a backend as its credential.</summary>
public enum CredentialChoice
{
    /// <summary>None.</summary>
    None,

    /// <summary>The one that is stored.</summary>
    Stored,

    /// <summary>A new one, which is stored encrypted.</summary>
    Given,

    /// <summary>One that the routers have.</summary>
    Reference,

    /// <summary>Each client's own.</summary>
    Forward,
}
