using System.Net;
using AiRouter.ServiceDefaults;
using AiRouter.TritonSimulator;
using AiRouter.TritonSimulator.Hosting;
using AiRouter.TritonSimulator.Services;

const string DefaultUrl = "http://127.0.0.1:8001";

// For container runtimes: asks the simulator that listens here whether its models are loaded.
if (args is [HealthQuestion.Command, ..])
{
    var gRpc = ListeningSetting.Of(null, DefaultUrl);
    return await HealthQuestion.AskAsync(gRpc, "/v2/health/ready", HttpVersion.Version20, Console.Error, CancellationToken.None);
}

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddOtlpExport(new ServiceDefaultsOptions { ServiceName = "airouter_simulator" });
builder.Logging
    .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
    .AddFilter("Grpc", LogLevel.Warning)
    // It would warn that the listeners below take the place of the URLs, which they are made from.
    .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);

// Only what is meant for the simulator: a variable RELEASE or DECOUPLED of somebody else's is none of its options.
var options = new SimulatorOptions { RecordRequests = false };
new ConfigurationBuilder()
    .AddEnvironmentVariables("SIM__")
    .AddCommandLine(args, new Dictionary<string, string> { ["--http-port"] = nameof(SimulatorOptions.HttpPort) })
    .Build()
    .Bind(options);

var address = ListenAddress.Parse(builder.Configuration[WebHostDefaults.ServerUrlsKey] ?? DefaultUrl);
var app = SimulatorHost.Build(builder, new SimulatorState(options, TimeProvider.System), address);
Log.Started(app.Logger, address);
await app.RunAsync();
return 0;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Information,
        "This is the Triton SIMULATOR, not a Triton: no model runs here, answers are scripted. gRPC on {Address}")]
    public static partial void Started(ILogger logger, IPEndPoint address);
}
