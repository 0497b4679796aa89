using AiRouter.Triton;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Api.Commands;

/// <summary><c>discover</c>: prints a configuration for all models of a Triton server, each under its own name.</summary>
internal static class DiscoverCommand
{
    public static readonly Command Command = new(
        "discover", "prints a configuration for the models of a Triton server", [], "URL", RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        if (!Uri.TryCreate(context.Operand, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            await context.Error.WriteLineAsync(
                $"discover needs the gRPC address of a Triton server (such as http://gpu-1:8001), not '{context.Operand}'");
            return 2;
        }

        var options = new TritonClientOptions { Address = address };
        await using var client = new TritonClient(options, TimeProvider.System, NullLoggerFactory.Instance);
        try
        {
            var models = await client.ListModelsAsync(CancellationToken.None);
            if (models.Any(static model => model is { IsReady: true, IsServable: true }))
            {
                await context.Output.WriteAsync(DiscoveredModels.ToYaml(address, models));
                return 0;
            }

            var names = models.Count == 0 ? "none" : string.Join(", ", models.Select(static model => model.Name));
            await context.Error.WriteLineAsync(
                $"the Triton at {address} has no model that is ready and takes text (models in its repository: {names})");
            return 1;
        }
        catch (TritonException e)
        {
            await context.Error.WriteLineAsync($"the Triton at {address} did not list its models: {e.Message}");
            return 1;
        }
    }
}
