using AiRouter.Triton.Contract;
using Grpc.Core;

namespace AiRouter.TritonSimulator.Services;

/// <summary>Lets the requests of one RPC write one at a time, as gRPC demands.</summary>
internal sealed class StreamWriter(IServerStreamWriter<ModelStreamInferResponse> stream) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    public ValueTask WriteAsync(ModelStreamInferResponse message)
    {
        // The usual case, one request per RPC, never waits for a turn.
        if (_turn.Wait(0))
        {
            var written = stream.WriteAsync(message);
            if (written.IsCompletedSuccessfully)
            {
                _turn.Release();
                return ValueTask.CompletedTask;
            }

            return ReleaseAfterAsync(written);
        }

        return WriteLaterAsync(message);
    }

    public void Dispose()
    {
        _turn.Dispose();
    }

    private async ValueTask ReleaseAfterAsync(Task written)
    {
        try
        {
            await written;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask WriteLaterAsync(ModelStreamInferResponse message)
    {
        await _turn.WaitAsync();
        await ReleaseAfterAsync(stream.WriteAsync(message));
    }
}
