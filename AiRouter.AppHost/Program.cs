using AiRouter.AppHost;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Workspaces;

var (options, error) = CommandLine.Parse(args);
if (options is null)
{
    return Refuse(error);
}

// There is one Composition for Aspire and one for feeds without it; the project file chooses.
var (topology, obstacle) = await Launch.PrepareAsync(
    options, Workspace.Find(), Composition.HasAspire, CancellationToken.None);
if (topology is null)
{
    return Refuse(obstacle);
}

return await Composition.RunAsync(topology, options);

static int Refuse(string? sentence)
{
    Console.Error.WriteLine($"AiRouter: {sentence}");
    return 1;
}
