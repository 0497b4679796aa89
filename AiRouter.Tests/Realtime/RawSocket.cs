using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Realtime;

/// <summary>A WebSocket by the bytes: .NET's own shows no close code from 1012 to 1014.</summary>
internal sealed class RawSocket(TcpClient connection)
{
    private readonly NetworkStream _stream = connection.GetStream();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Reads an upgrade to its blank line.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await _stream.ReadExactlyAsync(next, Cancelled);
            head.Append((char)next[0]);
        }

        return head.ToString();
    }

    /// <summary>Sends these bytes.</summary>
    public ValueTask SendAsync(params byte[] bytes) => _stream.WriteAsync(bytes, Cancelled);

    /// <summary>Sends a text message as a client does, with a mask that changes nothing.</summary>
    public async Task SendTextAsync(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        Assert.InRange(payload.Length, 0, 125);
        await SendAsync([0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]);
    }

    /// <summary>Reads messages to the first one that has a text in it.</summary>
    public async Task ReceiveUntilAsync(string text)
    {
        while (true)
        {
            var (code, payload) = await ReceiveAsync();
            Assert.NotEqual(8, code);
            if (Encoding.UTF8.GetString(payload).Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    /// <summary>The code of the close frame, whatever comes before it.</summary>
    public async Task<int> ReceiveCloseAsync()
    {
        while (true)
        {
            var (code, payload) = await ReceiveAsync();
            if (code == 8)
            {
                return BinaryPrimitives.ReadUInt16BigEndian(payload);
            }
        }
    }

    private async Task<(int Code, byte[] Payload)> ReceiveAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Eventually.Deadline);
        var head = new byte[2];
        await _stream.ReadExactlyAsync(head, deadline.Token);
        var length = (int)head[1];
        if (length == 126)
        {
            var more = new byte[2];
            await _stream.ReadExactlyAsync(more, deadline.Token);
            length = BinaryPrimitives.ReadUInt16BigEndian(more);
        }

        var payload = new byte[length];
        await _stream.ReadExactlyAsync(payload, deadline.Token);
        return (head[0] & 0x0F, payload);
    }
}
