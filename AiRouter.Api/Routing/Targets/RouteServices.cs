using AiRouter.Api.Health;

namespace AiRouter.Api.Routing.Targets;

/// <summary>What live state is made with.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Random">Chance.</param>
/// <param name="Notices">Is told of targets that go out and come back; null: nobody is.</param>
internal sealed record RouteServices(TimeProvider Time, Random Random, HealthNotices? Notices = null);
