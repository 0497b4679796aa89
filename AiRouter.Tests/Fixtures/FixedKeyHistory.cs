using AiRouter.Api.Authentication;

namespace AiRouter.Tests.Fixtures;

/// <summary>Says whether a key has ever existed.</summary>
internal sealed class FixedKeyHistory(bool anyKeyHasExisted) : IKeyHistory
{
    public bool AnyKeyHasExisted { get; set; } = anyKeyHasExisted;
}
