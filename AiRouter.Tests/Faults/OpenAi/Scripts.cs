using static AiRouter.Tests.Faults.OpenAi.HealthyAnswer;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>What faulty backends have in common: they read the request, then send what they should not.</summary>
internal static class Scripts
{
    /// <summary>Sends this for a whole answer or for a stream, and closes the connection.</summary>
    public static Func<FaultConnection, Task> Sends(string whole, string? stream = null) => async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync(c.AsksForStream ? stream ?? whole : whole);
    };

    /// <summary>Sends a whole response, after which the connection may be used again.</summary>
    public static Func<FaultConnection, Task> Answers(string response) => async c =>
    {
        c.IsKept = await c.ReadRequestAsync();
        if (c.IsKept)
        {
            await c.WriteAsync(response);
        }
    };

    /// <summary>Sends a stream's first event; when the client has it, <paramref name="rest"/>.</summary>
    public static Func<FaultConnection, Task> SendsAfterFirstEvent(string rest) => AfterFirstEvent(c => c.WriteAsync(rest));

    /// <summary>Sends a stream's first event; when the client has it, goes on as <paramref name="script"/> says.</summary>
    public static Func<FaultConnection, Task> AfterFirstEvent(Func<FaultConnection, Task> script) => async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync(OpenStreamHead + First);
        await c.UntilSeenAsync();
        await script(c);
    };

    /// <summary>The same, chunked.</summary>
    public static Func<FaultConnection, Task> SendsAfterFirstChunk(string rest) => async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync(StreamHead + Chunk(First));
        await c.UntilSeenAsync();
        await c.WriteAsync(rest);
    };

    /// <summary>Sends this, then 100 MiB of one letter.</summary>
    public static Func<FaultConnection, Task> SendsHuge(string before) => async c =>
    {
        await c.ReadRequestAsync();
        await c.WriteAsync(before);
        await HugeAsync(c);
    };

    /// <summary>100 MiB of one letter, as far as the router takes it.</summary>
    public static async Task HugeAsync(FaultConnection connection)
    {
        var block = new byte[64 * 1024];
        block.AsSpan().Fill((byte)'x');
        for (var sent = 0; sent < 100 * 1024 * 1024; sent += block.Length)
        {
            await connection.WriteAsync(block);
        }
    }
}
