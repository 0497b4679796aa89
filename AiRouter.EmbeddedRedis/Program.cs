using System.Runtime.InteropServices;
using AiRouter.EmbeddedRedis;
using Garnet;
using Garnet.server;
using Microsoft.Extensions.Logging;

// The store of one machine: Garnet, which speaks Redis's protocol. docs/store.md says what it reads and keeps.
var (settings, problem) = EmbeddedRedisSettings.From(Environment.GetEnvironmentVariables());
if (settings is null)
{
    return Refuse(problem);
}

var (folder, obstacle) = await StoreFolder.ClaimAsync(settings.Folder, TimeProvider.System);
if (folder is null || (obstacle = LoopbackPort.Obstacle(settings.Port)) is not null)
{
    return Refuse(obstacle);
}

using var claim = folder;
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
using var logging = LoggerFactory.Create(static logging => logging
    .AddSimpleConsole(static console => console.SingleLine = true)
    .SetMinimumLevel(LogLevel.Warning));
try
{
    var options = GarnetOptions.For(settings);
    var listener = new GarnetServerTcp(options.EndPoints[0], networkSendThrottleMax: options.NetworkSendThrottleMax);
    var server = new GarnetServer(options, logging, [listener]);
    server.Start();
    Console.WriteLine($"The store listens on 127.0.0.1:{settings.Port} and keeps its files in {settings.Folder}");
    var memory = new MemoryWatch(server, settings, logging.CreateLogger<MemoryWatch>());
    var commits = CommitLoop.RunAsync(server, TimeProvider.System, stop.Token);
    var failure = await await Task.WhenAny(commits, memory.RunAsync(TimeProvider.System, stop.Token));

    // A commit that is under way ends first: the process must not end in the middle of its file.
    await stop.CancelAsync();
    var refused = await commits;
    if (refused is null)
    {
        // Nobody is answered any more when the last changes are written. In the other order what was answered between the two was
        // lost, which on a busy machine was a second of settlements. A connection that does not end keeps nothing from being written.
        await Task.WhenAny(Task.Run(listener.Dispose), Task.Delay(CommitLoop.Deadline));
        await CommitLoop.CommitAsync(server, TimeProvider.System);
    }

    failure ??= refused;

    // The server itself is not disposed of: that waits for ever when the disk refuses, and all that is to be kept is written.
    Environment.Exit(failure is null ? 0 : Refuse(failure));
}
catch (Exception exception)
{
    // Garnet throws plain exceptions when it cannot recover or listen; all that can be done is to say so.
    Environment.Exit(Refuse(exception.Message));
}

return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

static int Refuse(string? sentence)
{
    Console.Error.WriteLine($"AiRouter.EmbeddedRedis: {sentence}");
    return 1;
}
