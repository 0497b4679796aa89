using System.Globalization;
using System.Net;
using AiRouter.TritonSimulator;
using AiRouter.TritonSimulator.Hosting;
using AiRouter.TritonSimulator.Services;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Configuration.AddEnvironmentVariables("SIM__");
builder.Logging
    .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
    .AddFilter("Grpc", LogLevel.Warning)
    // It would warn that the listeners below take the place of the URLs, which they are made from.
    .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);

var options = new SimulatorOptions { RecordRequests = false };
builder.Configuration.Bind(options);
if (builder.Configuration["http-port"] is { } port)
{
    options.HttpPort = int.Parse(port, CultureInfo.InvariantCulture);
}

var address = ListenAddress.Parse(builder.Configuration[WebHostDefaults.ServerUrlsKey] ?? "http://127.0.0.1:8001");
var app = SimulatorHost.Build(builder, new SimulatorState(options, TimeProvider.System), address);
Log.Started(app.Logger, address);
await app.RunAsync();

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information,
        "This is the Triton SIMULATOR, not a Triton: no model runs here, answers are scripted. gRPC on {Address}")]
    public static partial void Started(ILogger logger, IPEndPoint address);
}
