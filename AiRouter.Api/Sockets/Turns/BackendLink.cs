using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Sockets.Turns;

/// <summary>The connection to the one backend of a session, opened by its first turn.</summary>
internal sealed class BackendLink(TurnSession session, SessionState state, SocketSender toClient, SocketSender toBackend) : IDisposable
{
    private readonly TaskCompletionSource<SocketPump> _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BackendSocket? _socket;
    private UpstreamResponse? _response;

    /// <summary>Whose it is; null: it is not open yet.</summary>
    public BackendModel? Backend { get; private set; }

    /// <summary>The public name of the model that it was opened for.</summary>
    public string? Model { get; private set; }

    /// <summary>Takes what an attempt has opened.</summary>
    public void Open(BackendSocket socket, Attempt attempt)
    {
        _socket = socket;
        _response = attempt.Response;
        attempt.Response = null;
        var (url, hidden, name) = (attempt.Backend.Config.Url, attempt.HiddenModel, attempt.Exchange.PublicName);
        (Backend, Model) = (attempt.Backend, name);
        toBackend.Attach(socket.Socket);
        _open.TrySetResult(new SocketPump(socket.Socket, toClient, toBackend, new TurnEvents(session), state, isClients: false)
        {
            Reason = reason => SocketSession.Fitting(UpstreamText.Clean(url, hidden, name, reason)),
            Codes = socket.Codes,
        });
    }

    /// <summary>It is not opened any more.</summary>
    public void GiveUp() => _open.TrySetCanceled(CancellationToken.None);

    /// <summary>Relays what the backend says, once it is open.</summary>
    public async Task RunAsync(CancellationToken over)
    {
        try
        {
            var pump = await _open.Task.WaitAsync(over);
            await pump.RunAsync(over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested || !_open.Task.IsCompletedSuccessfully)
        {
            // It was never opened.
        }
        finally
        {
            session.Break();
        }
    }

    /// <summary>Sends a request.</summary>
    public ValueTask SendAsync(ForwardedContent content, CancellationToken cancellationToken) =>
        MessageStream.SendAsync(toBackend, content, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket?.Socket.Dispose();
        _response?.Dispose();
    }
}
