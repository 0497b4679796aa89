namespace AiRouter.AppHost.Aspire.Publishing;

/// <summary>What is published for: <c>--Publish:Target=</c>.</summary>
internal enum PublishTarget
{
    /// <summary>A Helm chart.</summary>
    Kubernetes,

    /// <summary>Bicep for Azure Container Apps.</summary>
    Aca,

    /// <summary>A file for Docker Compose, on one machine.</summary>
    Compose,
}
