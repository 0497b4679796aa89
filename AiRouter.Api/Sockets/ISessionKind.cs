namespace AiRouter.Api.Sockets;

/// <summary>
/// What differs between sessions that are relayed alike: how clients are told that something is wrong, and what else ends one.
/// </summary>
internal interface ISessionKind
{
    /// <summary>The code of the error that ends a session which has lasted as long as one may.</summary>
    string ExpiredCode { get; }

    /// <summary>Something is under way, so that silence is no sign.</summary>
    bool IsBusy { get; }

    /// <summary>An event that tells the client of an error.</summary>
    byte[] Error(string type, string code, string message, int status);

    /// <summary>Why it ends now, beside what ends every session; null: it does not. Asked once a second.</summary>
    SessionEnd? Look();
}
