using System.Collections.Concurrent;

namespace AiRouter.Triton.Protocol;

/// <summary>
/// The responses in use. A gRPC method (and with it the deserializer) is one for all calls, because Grpc.Net.Client
/// keeps every method it has seen; so a deserializer cannot know its call, and takes a free response from here instead.
/// </summary>
internal static class ResponsePool
{
    private const int MostKept = 1024;

    private static readonly ConcurrentQueue<InferResponse> Free = new();
    private static int freeCount;

    public static InferResponse Rent()
    {
        if (Free.TryDequeue(out var response))
        {
            Interlocked.Decrement(ref freeCount);
            return response;
        }

        return new InferResponse();
    }

    public static void Return(InferResponse response)
    {
        response.Clear();
        if (Interlocked.Increment(ref freeCount) <= MostKept)
        {
            Free.Enqueue(response);
        }
        else
        {
            Interlocked.Decrement(ref freeCount);
        }
    }
}
