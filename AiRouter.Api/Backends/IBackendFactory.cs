using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends;

/// <summary>Makes backends of one kind.</summary>
internal interface IBackendFactory
{
    /// <summary>The kind.</summary>
    BackendKind Kind { get; }

    /// <summary>Makes one; must not connect yet, so that a dead backend does not delay a configuration.</summary>
    IBackend Create(BackendModel model);
}
