using System.Text;
using AiRouter.Api.Backends;
using AiRouter.Api.Queueing;
using AiRouter.Api.Requests;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using static AiRouter.Tests.Faults.FaultOutcome;

namespace AiRouter.Tests.Faults.Clients;

/// <summary>Clients that leave at every stage, that do not read, and whose requests are not what they say.</summary>
internal static class ClientFaults
{
    // Above what is kept in memory of an upload.
    private const int Upload = 3 * 1024 * 1024;

    // What lies in the buffers of sockets and of servers on both sides of the router.
    private const long MostBuffered = 64 * 1024 * 1024;

    private static readonly FaultOutcome CutOff = new("the end of its connection", "cancels the request after a minute");
    private static readonly FaultOutcome Unanswered = new("the end of its connection", "asks no backend");

    /// <summary>The rows.</summary>
    public static IEnumerable<FaultCase> Rows => All.SelectMany(static f => f.Rows);

    private static IEnumerable<ClientFault> All =>
    [
        .. Leaves(
            "while it sends its headers", static (_, client, _) => client.SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHo"), false),
        .. Leaves("in the middle of its body", static async (scene, client, stream) =>
        {
            await client.SendAsync(ClientScene.Head(10_000) + ClientScene.Json(stream)[..20]);
            await Eventually.HoldsAsync(() => scene.Router.Services.GetRequiredService<BodyBudget>().Used > 0);
        }, false),
        .. Leaves("in the middle of an upload", static async (scene, client, _) =>
        {
            await client.SendAsync(
                "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: t\r\nContent-Type: multipart/form-data; boundary=b\r\n" +
                $"Content-Length: {Upload}\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n");
            await client.SendAsync(new byte[Upload / 2]);
            await Eventually.HoldsAsync(() => scene.SpooledFiles == 1 || !OperatingSystem.IsLinux());
        }, false, stream: false),
        .. Leaves("before the first token", static async (scene, client, stream) =>
        {
            await client.SendAsync(ClientScene.Request(stream, ""));
            await Eventually.HoldsAsync(() => scene.Running == 1);
        }, true, BackendMood.Hangs),
        .. Leaves("in the middle of a stream", static async (_, client, stream) =>
        {
            await client.SendAsync(ClientScene.Request(stream, ""));
            await client.ReadUntilAsync("\"one\"");
        }, true, BackendMood.HangsInTheMiddle, stream: true),
        .. Leaves("in the middle of a stream that comes as quickly as it can", static async (_, client, stream) =>
        {
            await client.SendAsync(ClientScene.Request(stream, ""));
            await client.ReadUntilAsync("xxxx");
        }, true, BackendMood.Endless, stream: true),
        .. Leaves("after [DONE], which the backend does not end behind", static async (_, client, stream) =>
        {
            await client.SendAsync(ClientScene.Request(stream, ""));
            await client.ReadUntilAsync("data: [DONE]");
        }, true, BackendMood.HangsAtTheEnd, stream: true),
        WaitsAndLeaves(withReset: false),
        WaitsAndLeaves(withReset: true),
        new("Client sends no more, and waits", "behind its request", ClientFault.Gone(cancels: true), HalfCloseAsync)
        {
            Mood = BackendMood.Hangs,
        },
        new("Client does not read", "after the first token", CutOff, NotReadAsync)
        {
            Mood = BackendMood.Endless,
            Stream = true,
            OfBothKinds = true,
            IsNarrow = true,
        },
        new("Body that comes too slowly", "in the middle", Error(408, "request_timeout"), static async (_, client, stream) =>
        {
            await client.SendAsync(ClientScene.Head(10_000) + ClientScene.Json(stream)[..20]);
            return ClientAnswer.Read(await client.ReadAllAsync(), stream, ClientScene.Text);
        })
        {
            Stream = false,
        },
        new("Body shorter than its Content-Length", "at its end", Unanswered, static async (_, client, stream) =>
        {
            await client.SendAsync(ClientScene.Head(10_000) + ClientScene.Json(stream));
            client.HalfClose();
            await client.EndsAsync();
            return Unanswered;
        })
        {
            Stream = false,
        },
        new("Body longer than its Content-Length", "at its end", Error(400, null), static async (_, client, stream) =>
        {
            await client.SendAsync(ClientScene.Head(20) + ClientScene.Json(stream));
            return ClientAnswer.Read(await client.ReadAllAsync(), stream, ClientScene.Text);
        })
        {
            Stream = false,
        },
        new("Expect: 100-continue", "before the body", Right, static async (_, client, stream) =>
        {
            var json = ClientScene.Json(stream);
            await client.SendAsync(ClientScene.Head(Encoding.UTF8.GetByteCount(json), "Connection: close\r\nExpect: 100-continue\r\n"));
            await client.ReadUntilAsync("100 Continue\r\n\r\n");
            await client.SendAsync(json);
            return ClientAnswer.Read(await client.ReadAllAsync(), stream, ClientScene.Text);
        }),
        new("Expect: 100-continue", "before a body that is too large", Error(413, "request_too_large"), static async (_, client, stream) =>
        {
            await client.SendAsync(ClientScene.Head(1L << 40, "Connection: close\r\nExpect: 100-continue\r\n"));
            return ClientAnswer.Read(await client.ReadAllAsync(), stream, ClientScene.Text);
        })
        {
            Stream = false,
        },
    ];

    private static IEnumerable<ClientFault> Leaves(
        string moment, Func<ClientScene, FaultClient, bool, Task> until, bool cancels, BackendMood mood = default, bool? stream = null) =>
        from withReset in (bool[])[false, true]
        select new ClientFault(
            withReset ? "Client dies (RST)" : "Client closes (FIN)", moment, ClientFault.Gone(cancels), async (scene, client, isStream) =>
            {
                await until(scene, client, isStream);
                client.Leave(withReset);
                return null;
            })
        {
            Mood = mood,
            Stream = stream ?? (cancels ? null : false),
            OfBothKinds = cancels,
        };

    private static ClientFault WaitsAndLeaves(bool withReset) => new(
        withReset ? "Client dies (RST)" : "Client closes (FIN)",
        "while it waits for a place",
        new FaultOutcome("nothing: it has gone", "frees its place among the waiting at once"),
        async (scene, client, stream) =>
        {
            var queue = QueueOf(scene);
            using var before = await FaultClient.ConnectAsync(scene.Router.Root);
            await before.SendAsync(ClientScene.Request(stream));
            await Eventually.HoldsAsync(() => scene.Running == 1);
            await client.SendAsync(ClientScene.Request(stream));
            await Eventually.HoldsAsync(() => queue.Waiting == 1);
            client.Leave(withReset);
            await Eventually.HoldsAsync(() => queue.Waiting == 0);
            Assert.Equal((1, 1, 1), (queue.Running, scene.Running, scene.Asked));
            before.Leave(withReset: false);
            return new FaultOutcome("nothing: it has gone", "frees its place among the waiting at once");
        })
    {
        Mood = BackendMood.Hangs,
        Stream = true,
    };

    private static async Task<FaultOutcome?> NotReadAsync(ClientScene scene, FaultClient client, bool stream)
    {
        await client.SendAsync(ClientScene.Request(stream));
        await client.ReadUntilAsync("xxxx");
        scene.Speed = 100;
        await Eventually.HoldsAsync(() => scene.Running == 0);
        Assert.InRange(scene.Written, 1, MostBuffered);
        Assert.Equal(1, scene.Cancelled);
        return CutOff;
    }

    private static async Task<FaultOutcome?> HalfCloseAsync(ClientScene scene, FaultClient client, bool stream)
    {
        await client.SendAsync(ClientScene.Request(stream, ""));
        await Eventually.HoldsAsync(() => scene.Running == 1);
        client.HalfClose();
        return null;
    }

    private static ModelQueue QueueOf(ClientScene scene)
    {
        var state = scene.Router.Services.GetRequiredService<RouterStates>().Enter()!;
        var queue = state.Routes["public-model"].State.Queue;
        state.LeaveAsync().AsTask().GetAwaiter().GetResult();
        return queue;
    }
}
