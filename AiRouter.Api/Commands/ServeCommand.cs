using System.Net.Sockets;
using AiRouter.Api.Scheduling;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;
using AiRouter.Core.Keys;
using AiRouter.Core.Playground;
using AiRouter.Core.Stores;
using Microsoft.AspNetCore.Connections;

namespace AiRouter.Api.Commands;

/// <summary><c>serve</c>: answers requests until it is stopped.</summary>
internal static class ServeCommand
{
    public static readonly Command Command = new(
        "serve",
        "answers requests (what happens without a command)",
        [
            new CommandOption("--urls", "URLS", $"where to listen (default: ASPNETCORE_URLS, else {RouterHost.DefaultUrl})"),
            new CommandOption("--otlp-endpoint", "URL", "the OpenTelemetry collector (default: OTLP_ENDPOINT, else none)"),
        ],
        null,
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        SocketThreads.Use();
        var source = context.Source;
        var store = RedisStoreOptions.FromEnvironment(context.Environment, "airouter-api");
        var load = store is null ? context.Load(source) : null;
        if (store is null && load is null)
        {
            return 1;
        }

        var builder = WebApplication.CreateSlimBuilder(
            [.. context.Options.Where(o => o.Key != CommandTable.ConfigOption).SelectMany(o => new[] { o.Key, o.Value })]);
        if (store is null)
        {
            builder.Services.AddRouterConfiguration(source, load);
        }
        else
        {
            builder.Services.AddStore(store).AddKeyStore().AddStoredRouterConfiguration(source).AddPlaygroundTokens(
                EncryptionKeys.Parse(source.Environment.GetValueOrDefault(EncryptionKeys.Variable)).Keys);
        }

        try
        {
            builder.AddRouterHost();
        }
        catch (InvalidOperationException wrongSetting)
        {
            await context.Error.WriteLineAsync($"airouter: {wrongSetting.Message}");
            return 1;
        }

        await using var app = builder.Build();
        app.UseRouterHost();
        try
        {
            await app.StartAsync();
        }
        catch (Exception failure) when (WhyNotListening(failure) is { } why)
        {
            await context.Error.WriteLineAsync($"airouter: cannot listen on {app.Configuration["urls"]}: {why}");
            return 1;
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    // What an operator can have got wrong: an address in use or not this machine's, a port that needs rights, a typing error.
    private static string? WhyNotListening(Exception failure) => failure switch
    {
        IOException { InnerException: AddressInUseException } => "somebody else listens there",
        IOException or SocketException or FormatException => failure.Message,
        InvalidOperationException when failure.Message.Contains("HTTPS", StringComparison.Ordinal) =>
            "https is not served; put a proxy in front that does",
        _ => null,
    };
}
