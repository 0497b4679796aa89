using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>What keeps everybody from changing the document, whatever the change is.</summary>
internal static class WritingObstacles
{
    /// <summary>That the document is changed elsewhere (R35); null: it is changed here.</summary>
    public static ManagementFailure? ReadOnly(ConfigurationState state, RouterConfig current)
    {
        if (state.Ruler is { } ruler)
        {
            return Ruled(ruler);
        }

        return current.Store.Mode == StoreMode.ReadOnly
            ? new ManagementFailure(
                FailureKind.ReadOnly,
                "The document says store.mode: readOnly. Change it where it comes from, and let a router with AIROUTER_CONFIG_MODE=gitops " +
                "bring it here.")
            : null;
    }

    /// <summary>That a file rules.</summary>
    public static ManagementFailure Ruled(ConfigurationRuler ruler)
    {
        var text = ruler.ToString();
        return new ManagementFailure(FailureKind.ReadOnly, char.ToUpperInvariant(text[0]) + text[1..] + ".");
    }

    /// <summary>That there is no document: there never was, or the store has lost it (R36).</summary>
    public static ManagementFailure Nothing(ConfigurationState state) => state.IsLost
        ? new ManagementFailure(
            FailureKind.Refused,
            $"The store has lost its configuration: version {state.HighestServed} was served, and {(state.Version == 0 ? "none" : state.Version)} " +
            "is there. Routers go on with what they have. Restore the store, or let an admin put a whole document (PUT /api/v1/config).")
        {
            CurrentVersion = ETags.Of(state.Version),
        }
        : new ManagementFailure(
            FailureKind.NotFound,
            "There is no configuration yet: start a router with one, or put one (PUT /api/v1/config with If-Match: \"0\").")
        {
            CurrentVersion = ETags.Of(0),
        };
}
