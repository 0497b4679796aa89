using System.Buffers;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.OpenAi.Connections;

/// <summary>Writing requests and reading answers costs no memory, whatever headers they have.</summary>
public sealed class ConnectionAllocationTests
{
    private static readonly byte[] Head = "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 08:00:00 GMT\r\nServer: x\r\nContent-Type: application/json\r\n"u8.ToArray();
    private static readonly byte[] Rest = "openai-processing-ms: 12\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray();
    private static readonly byte[] Body = "4\r\ntext\r\n10;a=b\r\n0123456789abcdef\r\n0\r\nX: y\r\n\r\n"u8.ToArray();

    private readonly byte[] _received = new byte[1024];

    [Fact]
    public void Head_and_chunks_of_an_answer_cost_nothing() => Assert.Equal(0, Allocations.Of(() =>
    {
        for (var i = 0; i < 100; i++)
        {
            Head.CopyTo(_received.AsSpan());
            Rest.CopyTo(_received.AsSpan(Head.Length));
            var head = default(ResponseHead);
            Assert.False(head.TryRead(_received.AsSpan(0, Head.Length)));
            Assert.True(head.TryRead(_received.AsSpan(0, Head.Length + Rest.Length)));

            Body.CopyTo(_received.AsSpan());
            var chunks = default(ChunkDecoder);
            Assert.True(chunks.Decode(_received.AsSpan(0, Body.Length), out _) == 20);
            Assert.True(chunks.IsWhole);
        }
    }));

    [Fact]
    public async Task Written_request_costs_nothing()
    {
        await using var server = SocketServer.Sending("");
        var request = server.Request("POST", new Bytes(300));
        request.Add("x-request-id", "req_0123456789");
        request.Add("X-Stainless-Lang", "python");

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                RequestWriter.Write(request, out var buffer, out _);
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }));
    }
}
