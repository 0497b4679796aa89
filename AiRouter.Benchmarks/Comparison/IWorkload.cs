namespace AiRouter.Benchmarks.Comparison;

/// <summary>One row of the comparison: what is asked, and what is measured.</summary>
internal interface IWorkload
{
    /// <summary>Its name on the command line and in JSON.</summary>
    string Name { get; }

    /// <summary>What it is.</summary>
    string Title { get; }

    /// <summary>Whether it is measured with limits in Redis too.</summary>
    bool DependsOnLimits { get; }

    /// <summary>Measures it.</summary>
    /// <param name="settings">How often and what.</param>
    /// <param name="limits">Where limits are kept: <c>memory</c> or <c>redis</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<WorkloadResult> RunAsync(BenchSettings settings, string limits, CancellationToken cancellationToken);
}
