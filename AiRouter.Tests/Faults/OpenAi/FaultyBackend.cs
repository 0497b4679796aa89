using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>A backend on a raw socket: each connection meets the fault until <see cref="Heal"/>, then it gives right answers.</summary>
internal sealed class FaultyBackend : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<FaultConnection, Task> _fault;
    private Task _accepting = Task.CompletedTask;
    private int _answers;
    private int _faults;
    private int _open;
    private int _playing;
    private long _written;

    /// <summary>Binds a port; nobody listens there before <see cref="Listen"/>.</summary>
    public FaultyBackend(Func<FaultConnection, Task> fault)
    {
        _fault = fault;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    /// <summary>Where.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Where redirects lead to.</summary>
    public Uri? Elsewhere { get; init; }

    /// <summary>What the fault shows as its certificate; null: it speaks no TLS.</summary>
    public X509Certificate2? FaultCertificate { get; init; }

    /// <summary>What it shows once it is well; null: it speaks no TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Completes when the client has the beginning of the answer.</summary>
    public TaskCompletionSource Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the fault is over.</summary>
    public TaskCompletionSource Healed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Right answers given.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Times that the fault was met.</summary>
    public int Faults => Volatile.Read(ref _faults);

    /// <summary>Connections that met the fault and are still open at the router's end.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Scripts that have not come to their end.</summary>
    public int Playing => Volatile.Read(ref _playing);

    /// <summary>Bytes that the fault could send.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Takes connections from now on.</summary>
    public FaultyBackend Listen()
    {
        _socket.Listen(128);
        _accepting = AcceptLoop.RunAsync(() => _socket.AcceptAsync(_stopping.Token), ServeAsync);
        return this;
    }

    /// <summary>The fault is over; from now on all answers are right ones.</summary>
    public void Heal()
    {
        Healed.TrySetResult();
        if (_accepting.IsCompleted)
        {
            Listen();
        }
    }

    /// <summary>The fault has sent so many bytes.</summary>
    public void AddWritten(int count) => Interlocked.Add(ref _written, count);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        try
        {
            await using var stream = await OpenAsync(socket);
            var connection = new FaultConnection(socket, stream, this, _stopping.Token);
            do
            {
                connection.IsKept = false;
                await (Healed.Task.IsCompleted ? AnswerAsync(connection) : FailAsync(connection));
            }
            while (connection.IsKept && await connection.ReadAheadAsync());
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException
            or AuthenticationException or ObjectDisposedException)
        {
            // The router has gone, or the test ends.
        }
    }

    private async Task<Stream> OpenAsync(Socket socket)
    {
        var stream = new NetworkStream(socket);
        if ((Healed.Task.IsCompleted ? Certificate : FaultCertificate) is not { } certificate)
        {
            return stream;
        }

        var secure = new SslStream(stream);
        if (!Healed.Task.IsCompleted)
        {
            Interlocked.Increment(ref _faults);
        }

        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate }, _stopping.Token);
        return secure;
    }

    private async Task AnswerAsync(FaultConnection connection)
    {
        connection.IsKept = await connection.ReadRequestAsync();
        if (connection.IsKept)
        {
            Interlocked.Increment(ref _answers);
            await connection.WriteAsync(connection.AsksForStream ? HealthyAnswer.StreamResponse : HealthyAnswer.WholeResponse);
        }
    }

    private async Task FailAsync(FaultConnection connection)
    {
        Interlocked.Increment(ref _faults);
        Interlocked.Increment(ref _open);
        try
        {
            if (await PlayAsync(connection))
            {
                await connection.HangAsync();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>True: the connection was half-closed behind the script.</summary>
    private async Task<bool> PlayAsync(FaultConnection connection)
    {
        Interlocked.Increment(ref _playing);
        try
        {
            await _fault(connection);
            if (connection.IsKept || connection.WasReset)
            {
                return false;
            }

            connection.HalfClose();
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _playing);
        }
    }
}
