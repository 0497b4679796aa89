namespace AiRouter.Api.Authentication;

/// <summary>Whether a client key has ever existed: what closes <c>authentication: auto</c> for good (R1).</summary>
internal interface IKeyHistory
{
    /// <summary>True from the first key on, whatever is deleted later.</summary>
    bool AnyKeyHasExisted { get; }
}
