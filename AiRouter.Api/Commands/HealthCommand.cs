using System.Net;
using AiRouter.ServiceDefaults;

namespace AiRouter.Api.Commands;

/// <summary><c>health</c>: asks the router that runs here whether it wants requests. For container runtimes.</summary>
internal static class HealthCommand
{
    public static readonly Command Command = new(
        HealthQuestion.Command, "asks the router that listens here whether it is ready (default: as ASPNETCORE_URLS says)", [], "URL", RunAsync);

    private static Task<int> RunAsync(CommandContext context) => HealthQuestion.AskAsync(
        context.Operand ?? ListeningSetting.Of(context.Environment, RouterHost.DefaultUrl),
        DefaultEndpoints.ReadyPath,
        HttpVersion.Version11,
        context.Error,
        CancellationToken.None);
}
