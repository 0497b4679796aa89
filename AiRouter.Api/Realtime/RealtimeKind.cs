using AiRouter.Api.Sockets;

namespace AiRouter.Api.Realtime;

/// <summary>Sessions of the realtime API.</summary>
internal sealed class RealtimeKind : ISessionKind
{
    /// <summary>The only one.</summary>
    public static readonly RealtimeKind Instance = new();

    private RealtimeKind()
    {
    }

    /// <inheritdoc/>
    public string ExpiredCode => "session_expired";

    /// <inheritdoc/>
    public bool IsBusy => false;

    /// <inheritdoc/>
    public byte[] Error(string type, string code, string message, int status) => RealtimeErrors.Event(type, code, message);

    /// <inheritdoc/>
    public SessionEnd? Look() => null;
}
