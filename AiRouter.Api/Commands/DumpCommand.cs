using AiRouter.Core.Configuration;

namespace AiRouter.Api.Commands;

/// <summary><c>dump</c>: shows what the file, the environment and the defaults come to.</summary>
internal static class DumpCommand
{
    public static readonly Command Command = new(
        "dump", "prints the configuration with environment and defaults as YAML, without secrets", [], null, RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        if (context.Load(context.Source)?.Model is not { } model)
        {
            return 1;
        }

        await context.Output.WriteAsync(ConfigurationDump.ToYaml(model.Config));
        return 0;
    }
}
