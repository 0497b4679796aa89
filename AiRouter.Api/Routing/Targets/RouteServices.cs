namespace AiRouter.Api.Routing.Targets;

/// <summary>What live state is made with.</summary>
internal sealed record RouteServices(TimeProvider Time, Random Random);
