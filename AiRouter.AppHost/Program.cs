using AiRouter.AppHost;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Workspaces;

var (options, error) = CommandLine.Parse(args);

// There is one Composition for Aspire and one for feeds without it; the project file chooses.
return options is null ? Refusal.Say(error) : await Composition.RunAsync(options, Workspace.Find());
