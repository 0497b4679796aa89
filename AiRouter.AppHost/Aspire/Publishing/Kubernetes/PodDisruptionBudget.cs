using Aspire.Hosting.Kubernetes.Resources;

namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>How many pods stay while nodes are drained.</summary>
internal sealed class PodDisruptionBudget() : BaseKubernetesResource("policy/v1", "PodDisruptionBudget")
{
    /// <summary>Whose pods, and how many.</summary>
    public required DisruptionBudgetSpec Spec { get; init; }
}

/// <summary><c>spec</c> of a <see cref="PodDisruptionBudget"/>.</summary>
/// <param name="MaxUnavailable">How many may be missing.</param>
/// <param name="UnhealthyPodEvictionPolicy">Whether a pod that is not ready holds up a node.</param>
/// <param name="Selector">Whose.</param>
internal sealed record DisruptionBudgetSpec(int MaxUnavailable, string UnhealthyPodEvictionPolicy, LabelSelectorV1 Selector);
