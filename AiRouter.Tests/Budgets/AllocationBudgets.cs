namespace AiRouter.Tests.Budgets;

/// <summary>
/// The most that things may allocate, in bytes: what they did when the figure was set, and a tenth. Whoever needs more raises it here and
/// says why in the commit; whoever needs less lowers it.
/// </summary>
internal static class AllocationBudgets
{
    /// <summary>A chat request of 300 B that passes through, and its answer of 410 B: the whole process, with key, limits, metrics and access log.</summary>
    public const long Chat = 8_900;

    /// <summary>The same with a prompt of 64 KiB: 9,800 as it comes in two pieces, up to 10,950 on a busy machine, where it comes in more.</summary>
    public const long LongChat = 12_000;

    /// <summary>A chat stream that passes through, without its chunks.</summary>
    public const long ChatStream = 12_000;

    /// <summary>
    /// Each of its chunks, read, relayed and flushed alone: nothing. The smallest object has 24 bytes; what else the process does in the
    /// seconds that two thousand of them take on a busy machine may come to less than that.
    /// </summary>
    public const long Chunk = 8;

    /// <summary>A stream of the Responses API over a backend that only knows chat, without its chunks.</summary>
    public const long ResponsesStream = 26_800;

    /// <summary>Each of its chunks: its text, which is kept because it is repeated at the end.</summary>
    public const long ResponsesChunk = 20;

    /// <summary>The same of Anthropic's Messages; nothing is repeated there, and a chunk needs no more than one of chat.</summary>
    public const long MessagesStream = 19_200;

    /// <summary>A chat request that a Triton answers.</summary>
    public const long TritonChat = 35_000;

    /// <summary>The same streamed, without its tokens.</summary>
    public const long TritonStream = 34_700;

    /// <summary>
    /// Each of its tokens, paced. What is left is Grpc.Net.Client's wait for a message (docs/adr/0003-triton-token-path.md): 790 bytes where
    /// each comes in one piece, up to 1,040 where the machine is so busy that they come in two.
    /// </summary>
    public const long Token = 1_100;

    /// <summary>An embedding of one text over Triton.</summary>
    public const long Embedding = 21_600;

    /// <summary>A request with a wrong key.</summary>
    public const long WrongKey = 3_600;

    /// <summary>A chat request of 300 B indexed, and its facts read.</summary>
    public const long Scan = 124;

    /// <summary>The bound of its tokens.</summary>
    public const long Bound = 53;

    /// <summary>It with another model, written.</summary>
    public const long Splice = 432;

    /// <summary>The model for a name.</summary>
    public const long Resolution = 44;

    /// <summary>A reservation of one subject with every kind of limit, and its settlement; the reservation itself included.</summary>
    public const long ReserveAndSettle = 423;

    /// <summary>One subject more.</summary>
    public const long Subject = 220;
}
