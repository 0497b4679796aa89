using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands;

/// <summary><c>serve</c>: answers requests until it is stopped.</summary>
internal static class ServeCommand
{
    public static readonly Command Command = new(
        "serve",
        "answers requests (what happens without a command)",
        [
            new CommandOption("--urls", "URLS", "where to listen (default: ASPNETCORE_URLS, else http://localhost:5000)"),
            new CommandOption("--otlp-endpoint", "URL", "the OpenTelemetry collector (default: OTLP_ENDPOINT, else none)"),
        ],
        null,
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var source = context.Source;
        if (context.Load(source) is not { } load)
        {
            return 1;
        }

        var builder = WebApplication.CreateSlimBuilder(
            [.. context.Options.Where(o => o.Key != CommandTable.ConfigOption).SelectMany(o => new[] { o.Key, o.Value })]);
        builder.Services.AddRouterConfiguration(source, load);
        builder.AddRouterHost();
        await using var app = builder.Build();
        app.UseRouterHost();
        await app.RunAsync();
        return 0;
    }
}
