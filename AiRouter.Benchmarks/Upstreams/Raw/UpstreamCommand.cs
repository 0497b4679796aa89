using AiRouter.Benchmarks.Load;

namespace AiRouter.Benchmarks.Upstreams.Raw;

/// <summary><c>upstream</c>: the backend of the comparison as a process of its own, until it is stopped.</summary>
internal static class UpstreamCommand
{
    /// <summary>Runs it.</summary>
    public static int Run(string[] arguments)
    {
        if (ModeOptions.Parse("upstream", arguments, "--port") is not { } options)
        {
            return 2;
        }

        var port = (int)options.Number("--port", 9000);
        new RawUpstream(port).Run(() => Console.WriteLine($"The upstream listens on http://127.0.0.1:{port}/v1"));
        return 0;
    }
}
