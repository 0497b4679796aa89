using System.Buffers.Binary;
using System.Text;

namespace AiRouter.Tests.Security;

/// <summary>HTTP/2 by hand: frames as a test wants them, in any order and number.</summary>
internal sealed class Http2Connection : IDisposable
{
    public const byte Headers = 1;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte Continuation = 9;

    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private readonly RawConnection _connection;

    private Http2Connection(RawConnection connection) => _connection = connection;

    /// <summary>Connects and greets.</summary>
    public static async Task<Http2Connection> OpenAsync(Uri root)
    {
        var connection = new Http2Connection(await RawConnection.OpenAsync(root));
        await connection._connection.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        await connection.TrySendAsync(Settings, 0, 0, []);
        return connection;
    }

    /// <summary>Sends a frame; false when the router has gone.</summary>
    public Task<bool> TrySendAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return _connection.TrySendAsync(frame);
    }

    /// <summary>The next frame; null: the router has closed the connection.</summary>
    public async Task<Http2Frame?> ReadAsync()
    {
        try
        {
            var head = new byte[9];
            await _connection.Stream.ReadExactlyAsync(head, TestContext.Current.CancellationToken)
                .AsTask().WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
            await _connection.Stream.ReadExactlyAsync(payload, TestContext.Current.CancellationToken);
            return new Http2Frame(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reads until a frame of this type, or null when the connection ends before.</summary>
    public async Task<(int Stream, uint Error)?> ReadUntilAsync(byte type)
    {
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == type)
            {
                // The error stands at the beginning of RST_STREAM, behind the last stream in GOAWAY.
                return (frame.Stream, BinaryPrimitives.ReadUInt32BigEndian(frame.Payload.AsSpan(type == GoAway ? 4 : 0)));
            }
        }

        return null;
    }

    /// <summary>Headers as literals, without compression.</summary>
    public static byte[] Encode(params (string Name, string Value)[] headers)
    {
        using var block = new MemoryStream();
        foreach (var (name, value) in headers)
        {
            block.WriteByte(0);
            Write(block, name);
            Write(block, value);
        }

        return block.ToArray();
    }

    /// <summary>A request to this path, and more headers.</summary>
    public static byte[] Request(string method, string path, params (string Name, string Value)[] more) =>
        Encode([(":method", method), (":scheme", "http"), (":path", path), (":authority", "test"), .. more]);

    public void Dispose() => _connection.Dispose();

    private static void Write(MemoryStream block, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var rest = bytes.Length;
        if (rest < 127)
        {
            block.WriteByte((byte)rest);
        }
        else
        {
            block.WriteByte(127);
            for (rest -= 127; rest >= 128; rest >>= 7)
            {
                block.WriteByte((byte)((rest & 127) | 128));
            }

            block.WriteByte((byte)rest);
        }

        block.Write(bytes);
    }
}

/// <summary>A frame that came.</summary>
internal sealed record Http2Frame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    /// <summary>Nothing more comes on its stream.</summary>
    public bool EndsExchange => Type is Http2Connection.GoAway or Http2Connection.Reset ||
        (Type is 0 or Http2Connection.Headers && (Flags & Http2Connection.EndStream) != 0);
}
