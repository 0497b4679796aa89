using Aspire.Hosting.Kubernetes.Resources;

namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>An autoscaler of version 2. Aspire's own writes <c>scaleTargetRef.metadata</c>, which strict decoding refuses.</summary>
internal sealed class HorizontalPodAutoscaler() : BaseKubernetesResource("autoscaling/v2", "HorizontalPodAutoscaler")
{
    /// <summary>What scales, and when.</summary>
    public required AutoscalerSpec Spec { get; init; }
}

/// <summary><c>spec</c> of a <see cref="HorizontalPodAutoscaler"/>.</summary>
/// <param name="ScaleTargetRef">What scales.</param>
/// <param name="MinReplicas">The fewest pods.</param>
/// <param name="MaxReplicas">The most pods.</param>
/// <param name="Metrics">What is measured.</param>
/// <param name="Behavior">How quickly.</param>
internal sealed record AutoscalerSpec(
    ScaleTarget ScaleTargetRef, int MinReplicas, int MaxReplicas, IReadOnlyList<AutoscalerMetric> Metrics, AutoscalerBehavior Behavior);

/// <summary>A workload.</summary>
/// <param name="ApiVersion">Its API.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
internal sealed record ScaleTarget(string ApiVersion, string Kind, string Name);

/// <summary>A metric of pods.</summary>
/// <param name="Type">Which kind of metric.</param>
/// <param name="Resource">Of kind <c>Resource</c>.</param>
internal sealed record AutoscalerMetric(string Type, ResourceMetric Resource);

/// <summary>A resource that pods request.</summary>
/// <param name="Name"><c>cpu</c> or <c>memory</c>.</param>
/// <param name="Target">How much of it is used.</param>
internal sealed record ResourceMetric(string Name, UtilizationTarget Target);

/// <summary>A share of what is requested.</summary>
/// <param name="Type"><c>Utilization</c>.</param>
/// <param name="AverageUtilization">In percent.</param>
internal sealed record UtilizationTarget(string Type, int AverageUtilization);

/// <summary>How quickly an autoscaler acts.</summary>
/// <param name="ScaleUp">Upwards.</param>
/// <param name="ScaleDown">Downwards.</param>
internal sealed record AutoscalerBehavior(ScalingRules ScaleUp, ScalingRules ScaleDown);

/// <summary>In one direction.</summary>
/// <param name="StabilizationWindowSeconds">For how long the load must have been so; null: Kubernetes' default.</param>
/// <param name="Policies">By how much.</param>
internal sealed record ScalingRules(int? StabilizationWindowSeconds, IReadOnlyList<ScalingPolicy> Policies);

/// <summary>The most that happens in a time.</summary>
/// <param name="Type"><c>Pods</c> or <c>Percent</c>.</param>
/// <param name="Value">How many.</param>
/// <param name="PeriodSeconds">The time.</param>
internal sealed record ScalingPolicy(string Type, int Value, int PeriodSeconds);
